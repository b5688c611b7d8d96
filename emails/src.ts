import { safeHref } from "./href.ts";
import { escapeHtml } from "./html.ts";
import { section } from "./layout.ts";
import type { Letter, Model } from "./letter.ts";
import { plainLook, rule, side } from "./look.ts";
import { fonts, type Theme, themeFor } from "./theme.ts";
import { words } from "./words.ts";

/** SRC: the department's letter. Warm paper, a serif title, room to read. */
export const src: Model = {
  theme: (brand) =>
    themeFor(brand, {
      page: "#f1ece2",
      paper: "#fffdf8",
      ink: "#22252b",
      bodyFont: fonts.sans,
      titleFont: fonts.serif,
      titleWeight: "normal",
    }),
  masthead(letter, theme) {
    const kicker = [words[letter.locale].models.src, letter.issue].filter(Boolean).join(" · ");
    const title = `margin:0;font-family:${fonts.serif};font-size:36px;line-height:44px;font-weight:normal;`;
    return [
      section("stripe", theme.primary, `<mj-spacer height="10px" />`),
      section(
        "paper",
        theme.paper,
        `${letterhead(letter, theme)}
<mj-text css-class="soft" color="${theme.soft}" font-size="15px" line-height="22px" padding="30px ${side}px 6px"><p style="margin:0;">${escapeHtml(kicker)}</p></mj-text>
<mj-text padding="0 ${side}px 0"><h1 dir="auto" style="${title}">${escapeHtml(letter.title)}</h1></mj-text>
<mj-divider border-color="${theme.accent}" border-width="4px" width="72px" align="left" padding="18px ${side}px 28px" />`,
      ),
    ].join("\n");
  },
  look(letter, theme) {
    const plain = plainLook(letter, theme);
    return {
      ...plain,
      article: (block, rank) =>
        (rank.place === 0 ? "" : rule(theme, "12px", "28px")) + plain.article(block, rank),
    };
  },
};

/** The logo, or the short name when there is none. */
export function letterhead({ brand }: Letter, theme: Theme): string {
  if (brand.logo) {
    const { src, alt, width } = brand.logo;
    return `<mj-image css-class="logo" src="${escapeHtml(safeHref(src) ?? "")}" alt="${escapeHtml(alt)}" width="${width}px" padding="28px ${side}px 0" />`;
  }
  const style = `margin:0;font-size:18px;line-height:26px;font-weight:bold;color:${theme.link};`;
  return `<mj-text css-class="hue" padding="28px ${side}px 0"><p style="${style}">${escapeHtml(brand.shortName || brand.name)}</p></mj-text>`;
}
