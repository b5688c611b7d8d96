// A tolerant splitter of returned mail. mailparser is made for reading letters: it folds
// message/delivery-status into attachments, drops header blocks it cannot decode and keeps
// everything in memory. Reports need the opposite: every part, however broken, and a bound on work.

/** Header fields by lower-case name, unfolded, in order of appearance. */
export type Headers = Map<string, string[]>;

/** One leaf of a mail; `returned` when it holds (the head of) the message that came back. */
export type Part = { type: string; headers: Headers; text: string; returned: boolean };

/** What a mail looks like once split: `type` is the whole content type line, lower case. */
export type Mail = { headers: Headers; type: string; parts: Part[] };

/** Bytes read of a mail: a report says what it has to say at its beginning. */
export const MAX_BYTES = 1_000_000;
const MAX_TEXT = 200_000;
const MAX_HEADER_LINES = 2_000;
const MAX_PARTS = 60;
const MAX_DEPTH = 8;

/** Splits a raw mail into its header and leaf parts. Never throws; reads at most 1 MB. */
export function readMail(raw: Buffer): Mail {
  const read = raw.subarray(0, MAX_BYTES).toString("latin1").replaceAll("\0", "");
  const source = read.includes("\r") ? read.replace(/\r\n?/g, "\n") : read;
  const { headers, body } = splitHead(source.replace(/^(?:From |>From )[^\n]*\n/, ""));
  const parts: Part[] = [];
  collect(headers, body, 0, parts);
  return { headers, type: first(headers, "content-type").toLowerCase(), parts };
}

/** The first value of a header field, or the empty string. */
export function first(headers: Headers, name: string): string {
  return headers.get(name)?.[0] ?? "";
}

/** Splits a block into its header fields and the rest. A block without a header is all body. */
export function splitHead(source: string): { headers: Headers; body: string } {
  const text = source.replace(/^\n+/, "");
  const end = text.indexOf("\n\n");
  const head = end < 0 ? text : text.slice(0, end);
  if (!/^[\w-]+[ \t]*:/.test(head)) return { headers: new Map(), body: text };
  return { headers: readFields(head), body: end < 0 ? "" : text.slice(end + 2) };
}

/** Reads `Name: value` lines, unfolding continuations; other lines are skipped. */
export function readFields(block: string): Headers {
  const headers: Headers = new Map();
  let values: string[] | undefined;
  for (const line of block.split("\n", MAX_HEADER_LINES)) {
    const last = values ? values.length - 1 : -1;
    if (line.startsWith(" ") || line.startsWith("\t")) {
      if (values && (values[last]?.length ?? 0) < 8_000)
        values[last] = `${values[last]} ${line.trim()}`.trim();
      continue;
    }
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trimEnd().toLowerCase();
    values = undefined;
    if (!/^[\w-]{1,80}$/.test(name)) continue;
    values = headers.get(name) ?? [];
    if (values.push(line.slice(colon + 1).trim()) === 1) headers.set(name, values);
  }
  if (!/[\u0080-\uffff]|=\?/.test(block)) return headers;
  // Decoded once unfolded: encoded words go on from one line to the next.
  for (const [name, folded] of headers) {
    const whole = folded.map(raw8bit);
    // An address has no encoded words (RFC 2047, section 5): what looks like one is its name.
    headers.set(name, name.endsWith("-recipient") ? whole : whole.map(decodeWords));
  }
  return headers;
}

function collect(headers: Headers, body: string, depth: number, parts: Part[]): void {
  if (parts.length >= MAX_PARTS) return;
  const content = first(headers, "content-type");
  const type = (/^[\w.+-]+\/[\w.+-]+/.exec(content)?.[0] ?? "text/plain").toLowerCase();
  const boundary = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(content);
  if (type.startsWith("multipart/") && boundary && depth < MAX_DEPTH) {
    const pieces = split(body, boundary[1] ?? boundary[2] ?? "");
    if (pieces.length > 1) {
      // The preamble counts only when nothing else does: some gateways write the report there.
      for (const piece of pieces.slice(1)) {
        // A blank line right after the boundary means no header, whatever the text looks like.
        const bare = piece.startsWith("\n\n") && !/^\n+content-/i.test(piece);
        const inner = bare ? { headers: new Map(), body: piece } : splitHead(piece);
        collect(inner.headers, inner.body, depth + 1, parts);
      }
      return;
    }
  }
  const text = decode(body, first(headers, "content-transfer-encoding"), charsetOf(content));
  const returned =
    type === "message/rfc822" ||
    type === "message/global" ||
    type.startsWith("text/rfc822") ||
    type === "message/rfc822-headers";
  parts.push({ type: type.startsWith("multipart/") ? "text/plain" : type, headers, text, returned });
}

/** The pieces between boundary lines, preamble first; the closing boundary is optional. */
export function split(body: string, boundary: string): string[] {
  const pieces: string[] = [];
  const source = `\n${body}`;
  const mark = `\n--${boundary}`;
  let from = 0;
  while (pieces.length <= MAX_PARTS) {
    const at = source.indexOf(mark, from);
    pieces.push(source.slice(from, at < 0 ? undefined : at));
    if (at < 0 || source.startsWith("--", at + mark.length)) break;
    const line = source.indexOf("\n", at + mark.length);
    if (line < 0) break;
    from = line;
  }
  return pieces;
}

export function charsetOf(content: string): string {
  return /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(content)?.[1] ?? "";
}

/** At most 200 000 characters of it. */
export const decode = (body: string, encoding: string, charset: string): string =>
  toText(bytesOf(body.slice(0, MAX_TEXT), encoding), charset);

/** The bytes that a part's body stands for (RFC 2045, section 6). */
export function bytesOf(body: string, encoding: string): Buffer {
  const how = encoding.trim().toLowerCase();
  if (how === "base64") return Buffer.from(body, "base64");
  return Buffer.from(how === "quoted-printable" ? unquote(body) : body, "latin1");
}

function unquote(text: string): string {
  return text
    .replace(/=[ \t]{0,20}\n/g, "")
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Decodes bytes; an unknown or wrong charset falls back to UTF-8, then to Latin-1. */
function toText(bytes: Buffer, charset: string): string {
  if (!charset || /^(us-ascii|ascii|unknown|utf-?8)/i.test(charset)) return utf8OrLatin1(bytes);
  return decoderOf(charset.toLowerCase())?.decode(bytes) ?? utf8OrLatin1(bytes);
}

const decoders = new Map<string, TextDecoder | null>();

/** One decoder a charset; null for a charset nobody knows. A sender invents names: few are remembered. */
function decoderOf(charset: string): TextDecoder | null {
  const known = decoders.get(charset);
  if (known !== undefined) return known;
  const made = newDecoder(charset);
  if (decoders.size < 100) decoders.set(charset, made);
  return made;
}

function newDecoder(charset: string): TextDecoder | null {
  try {
    return new TextDecoder(charset);
  } catch {
    return null;
  }
}

function utf8OrLatin1(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\uFFFD") ? bytes.toString("latin1") : text;
}

/** Headers with unencoded accents are read as UTF-8 when they can be. */
function raw8bit(value: string): string {
  return /[\u0080-\u00ff]/.test(value) && !/[\u0100-\uffff]/.test(value)
    ? utf8OrLatin1(Buffer.from(value, "latin1"))
    : value;
}

/** RFC 2047 encoded words; anything else is left as it is. */
function decodeWords(value: string): string {
  if (!value.includes("=?")) return value;
  return value
    .replace(/\?=\s{1,20}=\?/g, "?==?")
    .replace(
      /=\?([\w.:-]{1,40})(?:\*[\w-]{1,10})?\?([BbQq])\?([^?\s]{0,500})\?=/g,
      (_, charset: string, how: string, data: string) => {
        const bytes = /b/i.test(how)
          ? Buffer.from(data, "base64")
          : Buffer.from(unquote(data.replaceAll("_", " ")), "latin1");
        return toText(bytes, charset);
      },
    );
}

/** Visible words of an HTML part, one block per line. */
export function htmlToLines(html: string): string {
  return html
    .replace(/<(?:style|script)\b[^<>]{0,500}>[^<]{0,20000}/gi, "")
    .replace(/<(?:br|p|div|tr|td|li|h\d|table|pre)\b[^<>]{0,1000}>/gi, "\n")
    .replace(/<[/!a-z][^<>@]{0,2000}>/gi, " ")
    .replace(/&nbsp;|&#160;/gi, " ")
    .replace(/&lt;/gi, "<")
    .replace(/&gt;/gi, ">")
    .replace(/&quot;|&#34;/gi, '"')
    .replace(/&#(?:39|x27);|&apos;/gi, "'")
    .replace(/&amp;/gi, "&");
}
