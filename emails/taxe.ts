import { legible } from "./colour.ts";
import { escapeHtml } from "./html.ts";
import { section } from "./layout.ts";
import type { Letter, Model } from "./letter.ts";
import { button, figures, heading, plainLook, side } from "./look.ts";
import { letterhead } from "./src.ts";
import { fonts, type Theme, themeFor } from "./theme.ts";
import { words } from "./words.ts";

/** Taxe d'apprentissage: a letter to a company. Sober, figures in plain sight, one clear thing to do. */
export const taxe: Model = {
  theme: (brand) =>
    themeFor(brand, {
      page: "#e8ebf0",
      paper: "#ffffff",
      ink: "#1d2430",
      bodyFont: fonts.sans,
      titleFont: fonts.sans,
      titleWeight: "bold",
    }),
  masthead(letter, theme) {
    const title = `margin:0;font-size:28px;line-height:36px;font-weight:bold;color:${titleColour(theme)};`;
    return [
      section("stripe", theme.primary, `<mj-spacer height="6px" />`),
      section(
        "paper",
        theme.paper,
        `${letterhead(letter, theme)}
${sender(letter, theme)}
<mj-text css-class="soft" color="${theme.soft}" font-size="15px" line-height="22px" padding="20px ${side}px 4px"><p style="margin:0;">${words[letter.locale].about}</p></mj-text>
<mj-text padding="0 ${side}px 24px"><h1 dir="auto" style="${title}">${escapeHtml(letter.title)}</h1></mj-text>`,
      ),
    ].join("\n");
  },
  look: (letter, theme) => ({
    ...plainLook(letter, theme),
    heading: (block) => heading(block.text, theme, 22),
    figures: (block) => band(theme, (container) => figures(block, theme, container)),
    button: (block) =>
      button(
        block.label,
        block.url,
        letter,
        theme,
        `width="100%" font-size="18px" inner-padding="17px 20px"`,
      ),
  }),
};

function titleColour(theme: Theme): string {
  return legible(theme.primary, theme.paper, 7);
}

function sender({ brand, issue }: Letter, theme: Theme): string {
  const lines = [`<strong>${escapeHtml(brand.name)}</strong>`, ...brand.postalAddress.map(escapeHtml)];
  const date = issue ? `<p style="margin:16px 0 0 0;">${escapeHtml(issue)}</p>` : "";
  return `<mj-text css-class="soft" color="${theme.soft}" font-size="15px" line-height="22px" padding="16px ${side}px 8px"><p style="margin:0;">${lines.join("<br>")}</p>${date}</mj-text>`;
}

/** Figures stand on a tinted band across the sheet, with air below it. */
function band(theme: Theme, content: (container: string) => string): string {
  const container = `css-class="panel" container-background-color="${theme.panel}" padding="14px ${side}px"`;
  return `<mj-spacer height="8px" />${content(container)}<mj-spacer height="28px" />`;
}
