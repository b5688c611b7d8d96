import { footerOutput } from "./footer.ts";
import { linkTarget } from "./href.ts";
import { escapeHtml } from "./html.ts";
import type { Letter, Model } from "./letter.ts";
import { side, width, writeBlocks } from "./look.ts";
import { darkCss, type Theme } from "./theme.ts";

/** The whole letter as MJML: one column from top to bottom, so that it reads without any `<style>`. */
export function letterMjml(letter: Letter, model: Model): string {
  const theme = model.theme(letter.brand);
  return `<mjml lang="${letter.locale}" dir="ltr">
${head(letter.slots.fallback(letter.subject), letter.preheader, theme)}
<mj-body css-class="page" background-color="${theme.page}" width="${width}px">
${model.masthead(letter, theme)}
${section("paper", theme.paper, writeBlocks(letter.blocks, model.look(letter, theme)), "0 0 4px")}
${signature(letter, theme)}
${footer(letter, theme)}
</mj-body></mjml>`;
}

export function head(title: string, preheader: string, theme: Theme): string {
  return `<mj-head>
<mj-title>${escapeHtml(title)}</mj-title>
${preheader ? `<mj-preview>${escapeHtml(preheader)}</mj-preview>` : ""}
<mj-attributes>
<mj-all font-family="${theme.bodyFont}" />
<mj-text font-size="16px" line-height="26px" color="${theme.ink}" />
<mj-image font-size="16px" align="left" />
<mj-button font-size="17px" font-weight="bold" line-height="22px" inner-padding="14px 26px" border-radius="4px" />
</mj-attributes>
<mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="telephone=no, date=no, address=no, email=no"></mj-raw>
<mj-style>${darkCss(theme)}</mj-style>
</mj-head>`;
}

/** A band of the page across the column; tables nest three deep at most because sections never do. */
export function section(cssClass: string, background: string, content: string, padding = "0"): string {
  if (content.trim() === "") return "";
  return `<mj-section css-class="${cssClass}" background-color="${background}" padding="${padding}"><mj-column>${content}</mj-column></mj-section>`;
}

function signature(letter: Letter, theme: Theme): string {
  const [name, ...roles] = letter.signature;
  if (name === undefined) return section("paper", theme.paper, `<mj-spacer height="20px" />`);
  const lines = [`<strong>${escapeHtml(name)}</strong>`, ...roles.map(escapeHtml)].join("<br>");
  return section(
    "paper",
    theme.paper,
    `<mj-text padding="4px ${side}px 36px"><p style="margin:0;">${lines}</p></mj-text>`,
  );
}

/**
 * Identity, reason, and the ways out: required of every mass mail (L34-5 CPCE, LCEN, RGPD art. 14). The words are the
 * reader's: an output each, in his language, which the letter's may not be.
 */
function footer(letter: Letter, theme: Theme): string {
  const { brand, slots } = letter;
  const say = (name: Parameters<typeof footerOutput>[0]) => slots.own(footerOutput(name));
  const address = brand.postalAddress.map(escapeHtml).join("<br>");
  const links = [
    footLink("{{ links.unsubscribe }}", say("unsubscribe"), letter, theme),
    footLink("{{ links.preferences }}", say("preferences"), letter, theme),
    footLink("{{ links.online }}", say("online"), letter, theme),
    footLink(brand.privacyUrl, say("privacy"), letter, theme),
  ];
  const reason = `${say("reasonBefore")}<span lang="fr">${say("newsletter")}</span>${say("reasonAfter")}`;
  const text = `<p lang="${say("lang")}" style="margin:0 0 12px 0;">${reason}</p>
<p lang="${say("lang")}" style="margin:0 0 12px 0;">${links.join(" ")}</p>
<p lang="fr" style="margin:0;"><strong>${escapeHtml(brand.name)}</strong><br>${address}</p>`;
  return section(
    "page foot",
    theme.page,
    `<mj-text color="${theme.soft}" font-size="14px" line-height="22px" padding="28px ${side}px 40px">${text}</mj-text>`,
  );
}

function footLink(url: string, label: string, letter: Letter, theme: Theme): string {
  const target = escapeHtml(linkTarget(letter.slots.protect(url), letter.slots) ?? "");
  const style = `display:inline-block;padding:11px 12px 11px 0;color:${theme.soft};text-decoration:underline;`;
  return `<a href="${target}" target="_blank" style="${style}">${escapeHtml(label)}</a>`;
}
