/** The files that leave with a letter. */
import { buildHeaderValue, foldLines } from "nodemailer/lib/mime-funcs";
import { type Attached, piecesOf } from "#lib/letters/attachments/queries";
import { inOnePiece, type Message } from "#lib/letters/relays/message";

const start = "Content-Type: multipart/alternative;";

/**
 * The mail with its files (RFC 2046, section 5.1.3; RFC 2183; names as RFC 2231 writes them). The words become the first
 * part; files are read from the database as the connection takes them.
 */
export function withFiles(raw: Buffer, files: readonly Attached[], boundary: string): Message {
  if (files.length === 0) return inOnePiece(raw);
  const at = raw.indexOf(start);
  const head = Buffer.concat([
    raw.subarray(0, at),
    Buffer.from(`Content-Type: multipart/mixed;\r\n boundary="${boundary}"\r\n\r\n--${boundary}\r\n`),
    raw.subarray(at),
  ]);
  const parts = files.map((file) => ({ file, header: Buffer.from(partHeader(file, boundary)) }));
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  const size = parts.reduce(
    (sum, { file, header }) => sum + header.length + base64Bytes(file.size),
    head.length + end.length,
  );
  return {
    size,
    async *pieces() {
      yield head;
      for (const { file, header } of parts) {
        yield header;
        // Each piece is whole lines: what is encoded piece by piece is the file encoded.
        let first = true;
        for await (const piece of piecesOf(file)) {
          const lines = piece.toString("base64").replace(/.{76}(?=.)/g, "$&\r\n");
          yield Buffer.from(first ? lines : `\r\n${lines}`, "latin1");
          first = false;
        }
      }
      yield end;
    },
  };
}

const base64Bytes = (bytes: number): number => {
  const text = 4 * Math.ceil(bytes / 3);
  return text + 2 * (Math.ceil(text / 76) - 1);
};

function partHeader({ name, type }: Attached, boundary: string): string {
  const line = (field: string, value: string, params: Record<string, string>) =>
    foldLines(`${field}: ${buildHeaderValue({ value, params })}`, 76);
  return [
    `\r\n--${boundary}`,
    line("Content-Type", type, {}),
    line("Content-Disposition", "attachment", { filename: name }),
    "Content-Transfer-Encoding: base64",
    "",
    "",
  ].join("\r\n");
}
