import type { Brand } from "./brand.ts";
import { mjmlToHtml } from "./compile.ts";
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

type Common = {
  brand: Brand;
  locale: Locale;
  /** Name of the application, as the settings give it. */
  product: string;
};

/** `until` is an instant already written for a reader, such as « mardi 24 novembre 2026 à 18:00 ». */
export type AccountLink = Common & { name: string; url: string; until: string };

/** `role` is the role's label in the reader's language. */
export function invitationMail(props: AccountLink & { invitedBy: string; role: string }): Promise<Mail> {
  const say = notices[props.locale];
  return mailOf(props, {
    subject: say.invitation.subject(props.invitedBy, props.product),
    paragraphs: [say.hello(props.name), say.invitation.body(props.invitedBy, props.product, props.role)],
    rows: [],
    button: say.invitation.button,
    url: props.url,
    showUrl: true,
    closing: say.invitation.expiry(props.until),
  });
}

export function passwordResetMail(props: AccountLink): Promise<Mail> {
  const say = notices[props.locale];
  return mailOf(props, {
    subject: say.passwordReset.subject,
    paragraphs: [say.hello(props.name), say.passwordReset.body(props.product)],
    rows: [],
    button: say.passwordReset.button,
    url: props.url,
    showUrl: true,
    closing: say.passwordReset.expiry(props.until),
  });
}

/** `at` is an instant already written for a reader; `browser` and `network` may be empty. */
export type NewBrowser = Common & {
  name: string;
  at: string;
  browser: string;
  network: string;
  /** The screen that lists the sessions. */
  url: string;
};

/** To the owner of an account, when a browser it did not know signs in. */
export function newBrowserMail(props: NewBrowser): Promise<Mail> {
  const { hello, newBrowser: say } = notices[props.locale];
  return mailOf(props, {
    subject: say.subject(props.product),
    paragraphs: [hello(props.name), say.body(props.product, props.at)],
    rows: [
      [say.browser, props.browser || say.unknown],
      [say.network, props.network || say.unknown],
    ],
    button: say.button,
    url: props.url,
    showUrl: false,
    closing: say.closing,
  });
}

/** `share` is written for a reader (« 40 % »); nothing that a stranger typed freely is in the letter. */
export type PromiseLink = Common & {
  siret: string;
  share: string;
  campaignYear: string;
  url: string;
  until: string;
};

/** To whoever promised a share of their tax on the public page: only a click makes it one. */
export function promiseMail(props: PromiseLink): Promise<Mail> {
  const say = notices[props.locale].promise;
  return mailOf(props, {
    subject: say.subject(props.brand.name),
    paragraphs: [say.body(props.share, props.campaignYear, props.brand.name)],
    rows: [["SIRET", props.siret]],
    button: say.button,
    url: props.url,
    showUrl: true,
    closing: say.expiry(props.until),
  });
}

/** `what` and `cure` are sentences of the catalog. */
export type SyncFailed = Common & { source: string; what: string; cure: string; url: string };

/** To whoever looks after a source, when it cannot be read any more. */
export function syncFailedMail(props: SyncFailed): Promise<Mail> {
  const say = notices[props.locale].syncFailed;
  return mailOf(props, {
    subject: say.subject(props.source),
    paragraphs: [say.body(props.source), props.what, props.cure],
    rows: [],
    button: say.button,
    url: props.url,
    showUrl: true,
    closing: say.closing,
  });
}

export type UnsubscribeDigest = Common & {
  /** The day, already written for a reader. */
  day: string;
  /** All unsubscribes of the day; `people` may be the first of them. */
  count: number;
  /** `newsletter` null: from every newsletter. */
  people: readonly { name: string; newsletter: string | null }[];
  /** The screen that lists them. */
  url: string;
};

/** For the secretariat, once a day and only when somebody left. */
export function unsubscribeDigestMail(props: UnsubscribeDigest): Promise<Mail> {
  const say = notices[props.locale].digest;
  const shown = props.people.slice(0, 50);
  const rest = props.count - shown.length;
  return mailOf(props, {
    subject: say.subject(props.count, props.day),
    paragraphs: [say.body(props.count, props.day)],
    rows: [
      ...shown.map(({ name, newsletter }): [string, string] => [name, say.from(newsletter)]),
      ...(rest > 0 ? [[say.more(rest), ""] as [string, string]] : []),
    ],
    button: say.button,
    url: props.url,
    showUrl: false,
    closing: "",
  });
}

export type TasksDue = Common & {
  name: string;
  /** All of them; `tasks` are the first. */
  late: number;
  today: number;
  tasks: readonly { title: string; about: string }[];
  /** Given to the person, and waiting for an answer. */
  conversations: number;
  /** The screen that lists them. */
  url: string;
};

/** To somebody of the staff, in the morning. */
export function tasksMail(props: TasksDue): Promise<Mail> {
  const { hello, tasks: say } = notices[props.locale];
  const count = props.late + props.today;
  const rest = count - props.tasks.length;
  return mailOf(props, {
    subject: say.subject(count, props.late),
    paragraphs: [hello(props.name), say.body],
    rows: [
      ...props.tasks.map(({ title, about }): [string, string] => [title, about]),
      ...(rest > 0 ? [[say.more(rest), ""] as [string, string]] : []),
    ],
    button: say.button,
    url: props.url,
    showUrl: false,
    closing: props.conversations > 0 ? say.conversations(props.conversations) : "",
  });
}

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

async function mailOf(common: Common, message: Message): Promise<Mail> {
  const subject = oneLine(message.subject);
  const theme = themeFor(common.brand, {
    page: "#eceef2",
    paper: "#ffffff",
    ink: "#1d2430",
    bodyFont: fonts.sans,
    titleFont: fonts.sans,
    titleWeight: "bold",
  });
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
