/** From bytes to text: byte order mark, then the XML declaration, then UTF-8, as XML 1.0 appendix F says. */
import { FileRefused } from "#lib/sources/refusal";

/** Largest piece of text handed on, in bytes: what keeps the parser's memory constant whatever the sender's chunks. */
export const pieceSize = 65_536;

const charsets: Record<string, string> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  "us-ascii": "utf-8",
  ascii: "utf-8",
  "utf-16": "utf-16",
  "utf-16le": "utf-16le",
  "utf-16be": "utf-16be",
  // A page declared Latin-1 is Windows-1252 in life: the 27 characters that differ are C1 controls, of no use in a name.
  "iso-8859-1": "windows-1252",
  latin1: "windows-1252",
  "iso-8859-15": "iso-8859-15",
  latin9: "iso-8859-15",
  "windows-1252": "windows-1252",
  cp1252: "windows-1252",
};

/** The text of an XML document, piece by piece. Throws FileRefused for an unknown charset or a byte that is not of it. */
export async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let reader: CharsetReader | null = null;
  for await (const piece of pieces(bytes)) {
    reader ??= new CharsetReader(sniff(piece));
    const text = reader.read(piece);
    if (text) yield text;
  }
  if (!reader) throw new FileRefused("empty");
  reader.end();
}

/** Chunks of at most `pieceSize`, the first long enough to hold an XML declaration unless the file is shorter. */
async function* pieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of bytes) {
    let rest = chunk;
    if (head) {
      rest = Buffer.concat([head, chunk]);
      head = rest.length < 512 ? rest : null;
      if (head) continue;
    }
    for (let at = 0; at < rest.length; at += pieceSize) yield rest.subarray(at, at + pieceSize);
  }
  if (head?.length) yield head;
}

function sniff(head: Uint8Array): string {
  const mark = byteOrderMark(head);
  if (mark) return mark;
  const start = Buffer.from(head.subarray(0, 512)).toString("latin1");
  if (start.startsWith("PK")) throw new FileRefused("zip");
  if (/^\s*<(!doctype html|html)/i.test(start)) throw new FileRefused("html", 1);
  if (/^\s*[^<\s]/.test(start)) throw new FileRefused("notXml", 1);
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']/i.exec(start)?.[1] ?? "utf-8";
  const charset = charsets[declared.toLowerCase()];
  if (!charset) throw new FileRefused("encoding", 1, { charset: declared.slice(0, 40) });
  // The declaration could be read byte by byte, so it is not written in sixteen-bit units.
  if (charset.startsWith("utf-16")) throw new FileRefused("encodingMismatch", 1, { charset: declared });
  return charset;
}

function byteOrderMark([a, b, c, d]: Uint8Array): string | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    throw new FileRefused("encoding", 1, { charset: "UTF-32" });
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0x3c && b === 0) return "utf-16le";
  if (a === 0 && b === 0x3c) return "utf-16be";
  return null;
}

/** Windows-1252 and ISO-8859-15 leave holes that the decoder maps to C1 controls: no name is written with them. */
const hole = /[\u0080-\u009f]/;

class CharsetReader {
  private readonly charset: string;
  private readonly decoder: TextDecoder;
  private offset = 0;
  private lines = 0;

  constructor(charset: string) {
    this.charset = charset;
    this.decoder = new TextDecoder(charset, { fatal: true });
  }

  read(piece: Uint8Array): string {
    let text: string;
    try {
      text = this.decoder.decode(piece, { stream: true });
    } catch {
      throw this.refused(this.lines + this.linesBeforeFault(piece));
    }
    const fault = this.charset.startsWith("utf") ? -1 : text.search(hole);
    if (fault >= 0) throw this.refused(this.lines + newlines(text.slice(0, fault)));
    this.offset += piece.length;
    this.lines += newlines(text);
    return text;
  }

  end() {
    try {
      this.decoder.decode();
    } catch {
      throw new FileRefused("truncated", this.lines + 1);
    }
  }

  private refused(linesBefore: number) {
    return new FileRefused("bytes", linesBefore + 1, { charset: this.charset });
  }

  /** Read once more, byte by byte, starting at a character's border. */
  private linesBeforeFault(piece: Uint8Array): number {
    const slow = new TextDecoder(this.charset, { fatal: true });
    let at = this.charset === "utf-8" ? 0 : this.offset % 2;
    while (this.charset === "utf-8" && at < 3 && ((piece[at] ?? 0) & 0xc0) === 0x80) at++;
    let seen = 0;
    try {
      for (; at < piece.length; at++)
        seen += newlines(slow.decode(piece.subarray(at, at + 1), { stream: true }));
    } catch {
      return seen;
    }
    // The fault was in the character that began in the previous piece.
    return 0;
  }
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
