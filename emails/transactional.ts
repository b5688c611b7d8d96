import { type Common, type Mail, mailOf } from "./notice.ts";
import { notices } from "./notices.ts";

export type { Mail };

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
