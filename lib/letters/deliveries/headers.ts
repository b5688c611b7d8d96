/** The header fields of a mail, as nodemailer writes them; those all recipients share are written once. */
import { foldLines } from "nodemailer/lib/mime-funcs";
import MimeNode from "nodemailer/lib/mime-node";

type Address = { name: string; address: string };
export type Field = readonly [name: string, value: string | Address | Address[] | Date];

/** The lines of the fields, CRLF between them, none for an empty value. */
export type HeaderWriter = (fields: readonly Field[]) => string;

/** An address that stands in a header as it is, in lower case and short enough to need no folding. */
const plainAddress =
  /^(?=.{3,60}$)(?!.*xn--)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}$/;
const plainText = /^[\x20-\x7e]+$/;

/** A writer for the mails of one content: it remembers the last line of each field, which is often the next one's. */
export function openHeaders(): HeaderWriter {
  const last = new Map<string, { value: Field[1]; line: string }>();
  return (fields) => {
    const lines: string[] = [];
    for (const [name, value] of fields) {
      const known = last.get(name);
      const line = known?.value === value ? known.line : write(name, value);
      if (known) Object.assign(known, { value, line });
      else last.set(name, { value, line });
      if (line) lines.push(line);
    }
    return lines.join("\r\n");
  };
}

function write(name: string, value: Field[1]): string {
  if (value instanceof Date) return `${name}: ${value.toUTCString().replace("GMT", "+0000")}`;
  if (Array.isArray(value) && value.length === 0) return "";
  if (
    name === "To" &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    !value.name &&
    plainAddress.test(value.address)
  )
    return `${name}: ${value.address}`;
  const encoded = isPlain(name, value) ? value : MimeNode.encodeHeaderValue(name, value);
  return encoded.trim() && foldLines(`${name}: ${encoded}`, 76);
}

/** Text in which there is nothing to encode: RFC 2047 leaves it alone. */
const isPlain = (name: string, value: Field[1]): value is string =>
  typeof value === "string" && name !== "Reply-To" && plainText.test(value) && !/"|=\?/.test(value);
