/** From bytes to text: byte order mark, then what HTTP and the XML declaration say, then UTF-8 (XML 1.0 appendix F, RFC 7303). */
import { isAscii, isUtf8 } from "node:buffer";
import { FileRefused } from "#lib/sites/sources/refusal";

/** Largest piece of text handed on, in bytes: what keeps the parser's memory constant whatever the sender's chunks. */
export const pieceSize = 65_536;

/** By their labels, small and without hyphens, underscores or spaces: sites write « latin-1 » and « UTF8 ». */
const charsets: Record<string, string> = {
  utf8: "utf-8",
  usascii: "utf-8",
  ascii: "utf-8",
  utf16: "utf-16",
  utf16le: "utf-16le",
  utf16be: "utf-16be",
  // A page declared Latin-1 is Windows-1252 in life: the 27 characters that differ are C1 controls, of no use in a name.
  iso88591: "windows-1252",
  isolatin1: "windows-1252",
  latin1: "windows-1252",
  l1: "windows-1252",
  cp819: "windows-1252",
  windows1252: "windows-1252",
  win1252: "windows-1252",
  cp1252: "windows-1252",
  ansi: "windows-1252",
  iso885915: "iso-8859-15",
  latin9: "iso-8859-15",
  latin0: "iso-8859-15",
};

const charsetOf = (label: string) => charsets[label.toLowerCase().replace(/[-_\s:]/g, "")];

/** What is said of a file beside it: HTTP's charset, known before the first byte. `onUtf8` hears the label that was wrong. */
export type Told = { charset?: string | null; onUtf8?: (declared: string) => void };

/**
 * The text of an XML document, piece by piece. A file said to be Latin whose first accents are UTF-8 is read as
 * that, and `told.onUtf8` called. Throws FileRefused for an unknown charset or a byte that is not of it.
 */
export async function* decode(bytes: AsyncIterable<Uint8Array>, told: Told = {}): AsyncGenerator<string> {
  let reader: CharsetReader | null = null;
  let held: Uint8Array = new Uint8Array(0);
  for await (const piece of pieces(bytes)) {
    reader ??= new CharsetReader(sniff(piece, told.charset));
    const all: Uint8Array = held.length > 0 ? Buffer.concat([held, piece]) : piece;
    held = reader.settled || reader.settle(all, told) ? new Uint8Array(0) : all;
    const text = held.length > 0 ? "" : reader.read(all);
    if (text) yield text;
  }
  if (!reader) throw new FileRefused("empty");
  if (held.length > 0) yield reader.read(held);
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

/** `labels` are what the file and HTTP say, none of them true for certain. */
type Sniffed = { charset: string; labels: string[] };

const declaration = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']/i;

function sniff(head: Uint8Array, http?: string | null): Sniffed {
  const mark = byteOrderMark(head);
  if (mark) return { charset: agreed(mark, head), labels: [] };
  const start = Buffer.from(head.subarray(0, 512)).toString("latin1");
  if (start.startsWith("PK")) throw new FileRefused("zip");
  if (/^\s*<(!doctype html|html)/i.test(start)) throw new FileRefused("html", 1);
  if (/^\s*[^<\s]/.test(start)) throw new FileRefused("notXml", 1);
  const declared = declaration.exec(start)?.[1]?.trim();
  const charset = charsetOf(declared || "utf-8");
  if (!charset) throw new FileRefused("encoding", 1, { charset: String(declared).slice(0, 40) });
  // The declaration could be read byte by byte, so it is not written in sixteen-bit units.
  if (charset.startsWith("utf-16"))
    throw new FileRefused("encodingMismatch", 1, { charset: String(declared) });
  // RFC 7303: the header goes before the declaration. Where one of them is wrong, the bytes decide.
  const labels = [http ?? "", declared ?? ""].filter((label) => isByteCharset(charsetOf(label)));
  const latin = labels.map(charsetOf).find((known) => known !== "utf-8");
  return latin ? { charset: latin, labels } : { charset, labels: [] };
}

/** A mark and a declaration that contradict each other: which of the two is wrong, nobody knows (XML 1.0, 4.3.3). */
function agreed(mark: string, head: Uint8Array): string {
  const start = new TextDecoder(mark).decode(head.subarray(0, 512));
  const declared = declaration.exec(start)?.[1]?.trim();
  if (declared && charsetOf(declared)?.slice(0, 5) !== mark.slice(0, 5))
    throw new FileRefused("encodingMismatch", 1, { charset: declared.slice(0, 40) });
  return mark;
}

const isByteCharset = (charset?: string) => charset !== undefined && !charset.startsWith("utf-16");

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
  private charset: string;
  private decoder: TextDecoder;
  private readonly labels: string[];
  private offset = 0;
  private lines = 0;
  /** False while all bytes were ASCII in a file that somebody says is Latin. */
  settled: boolean;

  constructor({ charset, labels }: Sniffed) {
    this.charset = charset;
    this.decoder = new TextDecoder(charset, { fatal: true });
    this.labels = labels;
    this.settled = labels.length === 0;
  }

  /** Looks at the first bytes that are not ASCII; false when they are cut and more must come. */
  settle(piece: Uint8Array, told: Told): boolean {
    if (isAscii(piece)) return true;
    const whole = piece.subarray(0, wholeCharacters(piece));
    const utf8 = isUtf8(whole);
    if (utf8 && isAscii(whole)) return false;
    this.settled = true;
    if (!utf8) return true;
    this.charset = "utf-8";
    this.decoder = new TextDecoder("utf-8", { fatal: true });
    if (this.labels.every((label) => charsetOf(label) !== "utf-8")) told.onUtf8?.(this.labels.at(-1) ?? "");
    return true;
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

/** Where the last character of UTF-8 that is whole ends. */
function wholeCharacters(piece: Uint8Array): number {
  for (let back = 1; back <= Math.min(4, piece.length); back++) {
    const byte = piece[piece.length - back] ?? 0;
    if (byte >= 0xc0)
      return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? piece.length - back : piece.length;
    if (byte < 0x80) break;
  }
  return piece.length;
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
