/** What the screen shows of one kept mail. The HTML goes into a sandboxed frame, never into the page. */
import { simpleParser } from "mailparser";

export type Parts = { html: string; text: string; source: string; headers: { name: string; value: string }[] };

export async function readParts(raw: Uint8Array): Promise<Parts> {
  const bytes = Buffer.from(raw);
  const mail = await simpleParser(bytes, { skipImageLinks: true, skipTextToHtml: true });
  return {
    html: mail.html || "",
    text: mail.text ?? "",
    source: bytes.subarray(0, 200_000).toString("utf8").toWellFormed(),
    headers: mail.headerLines.map(({ key, line }) => ({ name: key, value: line.slice(line.indexOf(":") + 1).trim() })),
  };
}
