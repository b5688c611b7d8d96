import { fieldOf, readHead } from "#lib/machine/mime/head";

/** What an answer needs to know of the mail it answers. Headers only, unfolded. */
export type Original = {
  /** The subject as a reader sees it; `subject` is as it travels. */
  title: string;
  /** The header block, without the blank line. */
  head: string;
  messageId: string;
  subject: string;
  from: string;
  listUnsubscribe: string;
  envelopeFrom: string;
  recipient: string;
};

const headLimit = 64 * 1024;

export function readOriginal(raw: Buffer, envelopeFrom: string, recipient: string): Original {
  const start = raw.subarray(0, headLimit).toString("latin1");
  const end = start.search(/\r?\n\r?\n/);
  const head = end < 0 ? start : start.slice(0, end);
  const field = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, "im")
      .exec(head)?.[1]
      ?.replace(/\r?\n[ \t]+/g, " ")
      .trim() ?? "";
  return {
    title: fieldOf(readHead(raw), "subject"),
    head,
    messageId: field("message-id"),
    subject: field("subject"),
    from: field("from"),
    listUnsubscribe: field("list-unsubscribe"),
    envelopeFrom,
    recipient,
  };
}
