/** What the screen shows of one kept mail. The HTML goes into a sandboxed frame, never into the page. */
import { simpleParser } from "mailparser";
import { deliveryOf } from "#lib/letters/deliveries/message-id";
import { findNamed } from "#lib/letters/deliveries/names";
import { findLetterWithoutSecret } from "#lib/letters/deliveries/secrets";

export type Parts = {
  html: string;
  text: string;
  /** Its first 64 kB. */
  source: string;
  /** In order; names repeat (Received), `n` does not. */
  headers: { n: number; name: string; value: string }[];
  /** Whether something of it is kept from this reader. */
  hidden: boolean;
};

/** All of it. */
export async function readParts(raw: Uint8Array): Promise<Parts> {
  const bytes = Buffer.from(raw);
  const mail = await simpleParser(bytes, { skipImageLinks: true, skipTextToHtml: true });
  return {
    html: mail.html || "",
    text: mail.text ?? "",
    source: bytes.subarray(0, 64_000).toString("utf8").toWellFormed(),
    hidden: false,
    headers: mail.headerLines.map(({ key, line }, n) => ({
      n,
      name: key,
      value: line.slice(line.indexOf(":") + 1).trim(),
    })),
  };
}

/**
 * A mail that carries a one-time link, for who may not follow it: its own head, and the letter made again from its
 * content, without the link. Nothing is shown of the body of a mail that quotes one.
 */
export async function readPartsWithoutSecret(raw: Uint8Array, messageId: string): Promise<Parts> {
  const head = headOf(Buffer.from(raw));
  const named = deliveryOf(messageId);
  const [deliveryId] = named ? await findNamed([named]) : [];
  const letter = deliveryId === undefined ? null : await findLetterWithoutSecret(deliveryId);
  const { headers, source } = await readParts(head);
  const text = letter?.text ?? "";
  return { headers, html: letter?.html ?? "", text, source: `${source}\r\n\r\n${text}`, hidden: true };
}

function headOf(raw: Buffer): Buffer {
  const end = raw.indexOf("\r\n\r\n");
  return raw.subarray(0, Math.max(end, 0));
}
