/** What the screen shows of one kept mail. The HTML goes into a sandboxed frame, never into the page. */
import { simpleParser } from "mailparser";

export type Parts = {
  html: string;
  text: string;
  /** Its first 64 kB. */
  source: string;
  /** In order; names repeat (Received), `n` does not. */
  headers: { n: number; name: string; value: string }[];
};

export async function readParts(raw: Uint8Array): Promise<Parts> {
  const bytes = Buffer.from(raw);
  const mail = await simpleParser(bytes, { skipImageLinks: true, skipTextToHtml: true });
  return {
    html: mail.html || "",
    text: mail.text ?? "",
    source: bytes.subarray(0, 64_000).toString("utf8").toWellFormed(),
    headers: mail.headerLines.map(({ key, line }, n) => ({
      n,
      name: key,
      value: line.slice(line.indexOf(":") + 1).trim(),
    })),
  };
}
