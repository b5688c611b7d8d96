import type { BlockOf } from "./blocks.ts";
import { legible } from "./colour.ts";
import { escapeHtml } from "./html.ts";
import { section } from "./layout.ts";
import type { Letter, Model } from "./letter.ts";
import { button, caption, heading, image, plainLook, rich, side, textLink } from "./look.ts";
import { markdownToHtml } from "./markdown.ts";
import { fonts, type Theme, themeFor } from "./theme.ts";
import { words } from "./words.ts";

const black = "#111214";

/** 4média: a magazine. Black masthead, heavy type, numbered stories, pictures from edge to edge. */
export const fourMedia: Model = {
  theme: (brand) =>
    themeFor(brand, {
      page: "#e7e7e4",
      paper: "#ffffff",
      ink: black,
      bodyFont: fonts.sans,
      titleFont: fonts.sans,
      titleWeight: "bold",
      button: brand.accent,
    }),
  masthead(letter, theme) {
    const four = legible(letter.brand.accent, black);
    const wordmark = `margin:0;font-family:${fonts.heavy};font-size:60px;line-height:66px;font-weight:bold;letter-spacing:-2px;color:#ffffff;`;
    const title = `margin:0;font-family:${fonts.sans};font-size:36px;line-height:41px;font-weight:bold;letter-spacing:-1px;`;
    const byline = letter.brand.shortName || letter.brand.name;
    return [
      section(
        "mast",
        black,
        `<mj-text padding="30px ${side}px 4px"><p style="${wordmark}"><span style="color:${four};">4</span>média</p></mj-text>
<mj-text color="#c9ccd3" font-size="15px" line-height="22px" padding="0 ${side}px 24px"><p style="margin:0;">${escapeHtml(byline)}</p></mj-text>`,
      ),
      section("strip", theme.accent, strip(letter, theme)),
      section(
        "paper",
        theme.paper,
        `<mj-text padding="32px ${side}px 24px"><h1 dir="auto" style="${title}">${escapeHtml(letter.title)}</h1></mj-text>
${contents(letter, theme)}`,
      ),
    ].join("\n");
  },
  look: (letter, theme) => ({
    ...plainLook(letter, theme),
    heading: (block) => bar(theme) + heading(block.text, theme, 26, `0 ${side}px 16px`),
    article: (block, rank) => story(block, rank.ofKind, letter, theme),
    quote: (block) => pullQuote(block, letter),
    button: (block) => button(block.label, block.url, letter, theme, `border-radius="0"`),
    divider: () => bar(theme),
    image: (block) => image(block.image, letter, { inset: false }) + caption(block.caption, theme),
  }),
};

function strip(letter: Letter, theme: Theme): string {
  if (letter.issue === "") return `<mj-spacer height="8px" />`;
  return `<mj-text color="${theme.onAccent}" font-size="15px" line-height="22px" font-weight="bold" padding="9px ${side}px"><p style="margin:0;">${escapeHtml(letter.issue)}</p></mj-text>`;
}

/** Titles of the stories; no links: jumping inside a mail works in too few readers. */
function contents(letter: Letter, theme: Theme): string {
  const stories = letter.blocks.filter((block) => block.type === "article");
  if (stories.length < 3) return "";
  const rows = stories.map((story, i) => {
    const edge = `border-top:1px solid ${theme.rule};`;
    const number = `${edge}padding:10px 14px 10px 0;font-weight:bold;color:${theme.link};vertical-align:top;white-space:nowrap;`;
    return `<tr><td class="hue" width="30" style="${number}">${numeral(i)}</td><td dir="auto" style="${edge}padding:10px 0;">${escapeHtml(story.title)}</td></tr>`;
  });
  const label = `<mj-text font-weight="bold" padding="0 ${side}px 10px"><p style="margin:0;">${words[letter.locale].contents}</p></mj-text>`;
  return `${label}<mj-table role="presentation" font-size="16px" line-height="24px" color="${theme.ink}" padding="0 ${side}px 32px">${rows.join("")}</mj-table>`;
}

/** The first story is the cover; the others open with a black bar and their number. */
function story(block: BlockOf<"article">, rank: number, letter: Letter, theme: Theme): string {
  const cover = rank === 0;
  const number = `margin:0;font-family:${fonts.heavy};font-size:44px;line-height:48px;font-weight:bold;color:${theme.link};`;
  return [
    cover ? "" : bar(theme),
    cover
      ? ""
      : `<mj-text css-class="hue" padding="0 ${side}px 4px"><p style="${number}">${numeral(rank)}</p></mj-text>`,
    block.image && cover ? image(block.image, letter, { inset: false }) : "",
    heading(block.title, theme, cover ? 32 : 26, `0 ${side}px 14px`),
    block.image && !cover ? image(block.image, letter, { inset: false }) : "",
    rich(block.markdown, letter, theme, block.link ? 0 : 8),
    block.link ? textLink(block.link.label, block.link.url, letter, theme) : "",
  ].join("");
}

/** A pause in white on black, from edge to edge. */
function pullQuote(block: BlockOf<"quote">, letter: Letter): string {
  const accent = legible(letter.brand.accent, black);
  const html = markdownToHtml(block.markdown, { link: accent, gap: 8 }, letter.slots);
  const style = "margin:0;font-size:26px;line-height:34px;font-weight:bold;color:#ffffff;";
  const author = block.author
    ? `<p style="margin:8px 0 0 0;font-size:16px;line-height:24px;font-weight:normal;color:${accent};">${escapeHtml(block.author)}</p>`
    : "";
  return `<mj-spacer height="12px" /><mj-text css-class="night" container-background-color="${black}" color="#ffffff" padding="34px ${side}px"><blockquote style="${style}">${html}${author}</blockquote></mj-text><mj-spacer height="28px" />`;
}

function bar(theme: Theme): string {
  return `<mj-divider css-class="bar" border-width="6px" border-color="${theme.ink}" padding="20px ${side}px 20px" />`;
}

function numeral(rank: number): string {
  return String(rank + 1).padStart(2, "0");
}
