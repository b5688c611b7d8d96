/** What one person is told by the application itself: a few paragraphs, perhaps rows, and one button. */
import type { Brand } from "./brand.ts";
import { safeHref } from "./href.ts";
import { escapeHtml } from "./html.ts";
import { head, section } from "./layout.ts";
import { side, width } from "./look.ts";
import { notices } from "./notices.ts";
import { wrap } from "./plain-text.ts";
import { altStyle, fonts, type Theme, themeFor } from "./theme.ts";
import type { Locale } from "./words.ts";

/** A finished mail for one person: nothing is left to personalise, and Liquid must not be run on it. */
export type Mail = { subject: string; html: string; text: string };

export type Common = {
  brand: Brand;
  locale: Locale;
  /** Name of the application, as the settings give it. */
  product: string;
};

type Message = {
  subject: string;
  paragraphs: string[];
  rows: [string, string][];
  button: string;
  url: string;
  /** Also write the address out, for those whose button is dead. */
  showUrl: boolean;
  closing: string;
};

export async function mailOf(common: Common, message: Message): Promise<Mail> {
  const subject = oneLine(message.subject);
  const theme = themeFor(common.brand, {
    page: "#eceef2",
    paper: "#ffffff",
    ink: "#1d2430",
    bodyFont: fonts.sans,
    titleFont: fonts.sans,
    titleWeight: "bold",
  });
  const { mjmlToHtml } = await import("./mjml.ts");
  const { html } = await mjmlToHtml(noticeMjml({ ...message, subject }, common, theme), altStyle(theme));
  return { subject, html, text: noticeText(message, common) };
}

function noticeMjml(message: Message, { brand, locale, product }: Common, theme: Theme): string {
  const title = "margin:0 0 20px 0;font-size:24px;line-height:32px;font-weight:bold;";
  const url = escapeHtml(safeHref(message.url) ?? "");
  const address = `<p style="margin:0 0 16px 0;">${escapeHtml(notices[locale].afterButton)}<br><a href="${url}" style="color:${theme.link};text-decoration:underline;">${url}</a></p>`;
  const after = `${message.showUrl ? address : ""}${message.closing ? paragraph(message.closing) : ""}`;
  return `<mjml lang="${locale}" dir="ltr">
${head(message.subject, "", theme)}
<mj-body css-class="page" background-color="${theme.page}" width="${width}px">
${section("stripe", theme.primary, `<mj-spacer height="6px" />`)}
${section(
  "paper",
  theme.paper,
  `<mj-text padding="32px ${side}px 0"><h1 dir="auto" style="${title}">${escapeHtml(message.subject)}</h1>${message.paragraphs.map(paragraph).join("")}</mj-text>
${rows(message.rows, theme)}
<mj-button css-class="button" href="${url}" background-color="${theme.button}" color="${theme.onButton}" align="left" padding="8px ${side}px 28px">${escapeHtml(message.button)}</mj-button>
${after ? `<mj-text padding="0 ${side}px 16px">${after}</mj-text>` : ""}`,
)}
${section("page foot", theme.page, `<mj-text color="${theme.soft}" font-size="14px" line-height="22px" padding="20px ${side}px 32px"><p style="margin:0;">${escapeHtml(product)} · ${escapeHtml(brand.name)}</p></mj-text>`)}
</mj-body></mjml>`;
}

function paragraph(text: string): string {
  return `<p dir="auto" style="margin:0 0 16px 0;">${escapeHtml(text)}</p>`;
}

function rows(cells: [string, string][], theme: Theme): string {
  if (cells.length === 0) return "";
  const style = `border-top:1px solid ${theme.rule};padding:10px 0;`;
  const lines = cells.map(([who, what]) => {
    const under = what === "" ? "" : `<br>${escapeHtml(what)}`;
    return `<tr><td dir="auto" style="${style}"><strong>${escapeHtml(who)}</strong>${under}</td></tr>`;
  });
  return `<mj-table role="presentation" font-size="16px" line-height="24px" color="${theme.ink}" padding="0 ${side}px 24px">${lines.join("")}</mj-table>`;
}

function noticeText(message: Message, { brand, product }: Common): string {
  const parts = [
    ...message.paragraphs.map((text) => wrap(text)),
    message.rows.map(([who, what]) => wrap(`- ${[who, what].filter(Boolean).join(", ")}`)).join("\n"),
    `→ ${message.button}\n  ${safeHref(message.url) ?? ""}`,
    wrap(message.closing),
    `-- \n${wrap(`${product} · ${brand.name}`)}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
