/** Writing out the small mails the sandbox answers with. */
import { randomBytes } from "node:crypto";

const line = "\r\n";

/** A date as mails write it (RFC 5322, section 3.3). */
export const mailDate = (at = new Date()) => at.toUTCString().replace("GMT", "+0000");

export const freshId = (domain: string) => `<${randomBytes(12).toString("hex")}@${domain}>`;

/** Lines to bytes; a header given empty is left out. */
export function mimeOf(headers: [string, string][], body: string): Buffer {
  const head = headers.filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([...head, "", ...body.split(/\r?\n/), ""].join(line), "utf8");
}

/** A multipart body (RFC 2046): parts are given with their own header lines. */
export function multipart(type: string, parts: string[]): { contentType: string; body: string } {
  const boundary = `=_${randomBytes(9).toString("hex")}`;
  const body = [...parts.map((part) => `--${boundary}\n${part}`), `--${boundary}--`].join("\n");
  return { contentType: `${type}; boundary="${boundary}"`, body };
}

/** Non-ASCII words of a header (RFC 2047). */
export const encoded = (text: string) =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text, "utf8").toString("base64")}?=`;
