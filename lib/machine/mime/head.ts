/** The header fields every list of mails shows, decoded and fit for a column. */
import { first, type Headers, splitHead } from "#lib/machine/mime/mail";

const headLimit = 64 * 1024;

/** The header of a raw mail, by lower-case name. */
export function readHead(raw: Uint8Array): Headers {
  const start = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, headLimit));
  return splitHead(start.toString("latin1").replaceAll("\0", "").replace(/\r\n?/g, "\n")).headers;
}

/** One line, without the controls that PostgreSQL or a screen would refuse, cut at `length` characters. */
export function fieldOf(headers: Headers, name: string, length = 300): string {
  const text = first(headers, name).replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
  return text.slice(0, length).toWellFormed().trim();
}
