import type { Block, BlockOf, BlockType, Picture } from "./blocks.ts";
import { linkTarget, safeHref } from "./href.ts";
import { escapeHtml } from "./html.ts";
import type { Letter } from "./letter.ts";
import { markdownToHtml } from "./markdown.ts";
import type { Theme } from "./theme.ts";

/** Space left and right of the text, in px: comfortable at 320 without a media query. */
export const side = 28;
export const width = 600;

/** Writes each kind of block as MJML column content; a model replaces the ones it wants to own. */
export type Look = { [T in BlockType]: (block: BlockOf<T>, rank: Rank) => string };

/** Where a block stands: its place among all blocks and among those of its kind, from 0. */
export type Rank = { place: number; ofKind: number };

export function writeBlocks(blocks: Block[], look: Look): string {
  const seen = new Map<BlockType, number>();
  return blocks
    .map((block, place) => {
      const ofKind = seen.get(block.type) ?? 0;
      seen.set(block.type, ofKind + 1);
      const write = look[block.type] as (b: Block, rank: Rank) => string;
      return write(block, { place, ofKind });
    })
    .join("\n");
}

/** The sober rendering every model starts from. */
export function plainLook(letter: Letter, theme: Theme): Look {
  return {
    text: (block) => rich(block.markdown, letter, theme),
    heading: (block) => heading(block.text, theme, 26),
    article: (block) => article(block, letter, theme),
    button: (block) => button(block.label, block.url, letter, theme),
    image: (block) => image(block.image, letter, { inset: true }) + caption(block.caption, theme),
    quote: (block) => quote(block, letter, theme),
    figures: (block) => figures(block, theme),
    divider: () => rule(theme, "8px", "28px"),
  };
}

export function rich(markdown: string, letter: Letter, theme: Theme, below = 8): string {
  if (markdown.trim() === "") return "";
  const html = markdownToHtml(markdown, { link: theme.link, gap: 16 }, letter.slots);
  return `<mj-text padding="0 ${side}px ${below}px">${html}</mj-text>`;
}

export function heading(text: string, theme: Theme, size: number, padding = `12px ${side}px 12px`): string {
  const style = `margin:0;font-family:${theme.titleFont};font-size:${size}px;line-height:${Math.round(size * 1.25)}px;font-weight:${theme.titleWeight};`;
  return `<mj-text padding="${padding}"><h2 dir="auto" style="${style}">${escapeHtml(text)}</h2></mj-text>`;
}

function article(block: BlockOf<"article">, letter: Letter, theme: Theme): string {
  return [
    block.image ? image(block.image, letter, { inset: true }) : "",
    heading(block.title, theme, 24, `8px ${side}px 10px`),
    rich(block.markdown, letter, theme, block.link ? 0 : 8),
    block.link ? textLink(block.link.label, block.link.url, letter, theme) : "",
  ].join("");
}

/** A link on its own line, 44 px high for thumbs. */
export function textLink(label: string, url: string, letter: Letter, theme: Theme): string {
  const style = `display:inline-block;padding:9px 0;font-weight:bold;color:${theme.link};text-decoration:underline;`;
  return `<mj-text padding="0 ${side}px 14px"><a href="${href(url, letter)}" target="_blank" style="${style}">${escapeHtml(label)}</a></mj-text>`;
}

export function button(label: string, url: string, letter: Letter, theme: Theme, extra = ""): string {
  return `<mj-button css-class="button" href="${href(url, letter)}" background-color="${theme.button}" color="${theme.onButton}" align="left" padding="8px ${side}px 28px" ${extra}>${escapeHtml(label)}</mj-button>`;
}

export function image(picture: Picture, letter: Letter, { inset }: { inset: boolean }): string {
  const alt = picture.decorative ? "" : letter.slots.fallback(picture.alt);
  const padding = inset ? `8px ${side}px 16px` : "0 0 20px";
  const px = inset ? width - 2 * side : width;
  return `<mj-image src="${escapeHtml(safeHref(picture.src) ?? "")}" alt="${escapeHtml(alt)}" width="${px}px" padding="${padding}" />`;
}

export function caption(text: string, theme: Theme): string {
  if (text === "") return "";
  return `<mj-text css-class="soft" color="${theme.soft}" font-size="14px" padding="0 ${side}px 20px">${escapeHtml(text)}</mj-text>`;
}

function quote(block: BlockOf<"quote">, letter: Letter, theme: Theme): string {
  const html = markdownToHtml(block.markdown, { link: theme.link, gap: 8 }, letter.slots);
  const style = `margin:0;padding:4px 0 4px 20px;border-left:4px solid ${theme.accent};font-family:${theme.titleFont};font-size:20px;line-height:30px;`;
  const author = block.author
    ? `<p style="margin:0;font-family:${theme.bodyFont};font-size:16px;line-height:24px;">${escapeHtml(block.author)}</p>`
    : "";
  return `<mj-text padding="8px ${side}px 28px"><blockquote style="${style}">${html}${author}</blockquote></mj-text>`;
}

export function figures(block: BlockOf<"figures">, theme: Theme, container = ""): string {
  const rows = block.items.map((item, i) => {
    const edge = i === 0 ? "" : `border-top:1px solid ${theme.rule};`;
    const value = `${edge}padding:14px 16px 14px 0;font-family:${theme.titleFont};font-size:30px;line-height:34px;font-weight:bold;color:${theme.link};white-space:nowrap;`;
    const label = `${edge}padding:14px 0;font-size:16px;line-height:24px;`;
    return `<tr><td class="hue" width="1%" style="${value}">${escapeHtml(item.value)}</td><td style="${label}">${escapeHtml(item.label)}</td></tr>`;
  });
  return `<mj-table role="presentation" ${container || `padding="8px ${side}px 28px"`} font-size="16px" color="${theme.ink}">${rows.join("")}</mj-table>`;
}

export function rule(theme: Theme, above: string, below: string): string {
  return `<mj-divider css-class="rule" border-width="1px" border-color="${theme.rule}" padding="${above} ${side}px ${below}" />`;
}

/** An address fit for an attribute; what is not allowed leads nowhere rather than somewhere wrong. */
export function href(url: string, letter: Letter): string {
  return escapeHtml(linkTarget(url, letter.slots) ?? "");
}
