/** What a person’s mail holds besides its words: its layout, and the files that came with it. */
import { bytesOf, charsetOf, decode, first, type Headers, split, splitHead } from "#lib/machine/mime/mail";

const MAX_FILES = 40;
const MAX_DEPTH = 8;
const LONGEST_NAME = 120;

/** `n`: its place in the mail, counted from 0. `whole`: false when the mail was cut before its end. */
export type Enclosed = { n: number; name: string; type: string; size: number; whole: boolean };

type Leaf = { type: string; headers: Headers; body: string; whole: boolean };

/** Nothing is kept of what a mail only says of itself. */
const machines =
  /^(?:message\/(?:delivery-status|disposition-notification|feedback-report)|text\/rfc822-headers)/;

/** At most 40 files; never throws, and its time grows with the mail alone. */
export function readEnclosed(raw: Buffer): { html: string; files: Enclosed[] } {
  const leaves = leavesOf(raw);
  const html = leaves.find((leaf) => leaf.type === "text/html" && !isFile(leaf));
  return {
    html: html ? decode(html.body, encodingOf(html), charsetOf(first(html.headers, "content-type"))) : "",
    files: leaves.filter(isFile).map((leaf, n) => ({
      n,
      name: nameOf(leaf),
      type: leaf.type,
      size: sizeOf(leaf),
      whole: leaf.whole,
    })),
  };
}

/** One of them; null when it is not there or was cut. */
export function readFile(raw: Buffer, n: number): { name: string; bytes: Buffer } | null {
  const leaf = leavesOf(raw).filter(isFile)[n];
  return leaf?.whole ? { name: nameOf(leaf), bytes: bytesOf(leaf.body, encodingOf(leaf)) } : null;
}

function leavesOf(raw: Buffer): Leaf[] {
  const source = raw.toString("latin1").replace(/\r\n?/g, "\n");
  const { headers, body } = splitHead(source.replace(/^(?:From |>From )[^\n]*\n/, ""));
  const leaves: Leaf[] = [];
  collect({ headers, body, whole: true }, 0, leaves);
  return leaves.slice(0, MAX_FILES + 2);
}

function collect({ headers, body, whole }: Omit<Leaf, "type">, depth: number, leaves: Leaf[]): void {
  const content = first(headers, "content-type");
  const type = (/^[\w.+-]+\/[\w.+-]+/.exec(content)?.[0] ?? "text/plain").toLowerCase();
  const boundary = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(content);
  if (!type.startsWith("multipart/") || !boundary || depth >= MAX_DEPTH) {
    if (!machines.test(type) && !type.startsWith("multipart/")) leaves.push({ type, headers, body, whole });
    return;
  }
  const mark = boundary[1] ?? boundary[2] ?? "";
  const pieces = split(body, mark);
  const closed = `\n${body}`.includes(`\n--${mark}--`);
  for (const [i, piece] of pieces.slice(1).entries()) {
    if (leaves.length > MAX_FILES + 2) return;
    const last = i === pieces.length - 2;
    collect({ ...splitHead(piece), whole: whole && (closed || !last) }, depth + 1, leaves);
  }
}

const encodingOf = ({ headers }: Leaf) => first(headers, "content-transfer-encoding");

/** What is not the words themselves: named, said to be attached, or of another kind than text. */
const isFile = ({ type, headers }: Leaf): boolean =>
  /^\s*attachment/i.test(first(headers, "content-disposition")) ||
  parameter(headers, "name") !== "" ||
  !/^text\/(?:plain|html|enriched|richtext|watch-html|x-amp-html)$/.test(type);

/** As it is read on a screen and in a header: no path, no invisible mark, nothing that turns a name around. */
function nameOf({ type, headers }: Leaf): string {
  const name = parameter(headers, "name")
    .replace(/^.*[\\/]/, "")
    .replace(/[\p{C}\\/:*?"<>|;%]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  // The ending says what it is: it stays.
  const [, stem = name, ending = ""] = /^(.*?)(\.[\p{L}\d]{1,10})?$/u.exec(name) ?? [];
  return stem ? `${stem.slice(0, LONGEST_NAME)}${ending}` : (unnamed[type] ?? "document");
}

const unnamed: Record<string, string> = {
  "message/rfc822": "message.eml",
  "text/calendar": "invitation.ics",
  "application/pdf": "document.pdf",
  "image/png": "image.png",
  "image/jpeg": "image.jpg",
};

/** `filename` or `name`, whole, encoded (RFC 2231) or in pieces. */
function parameter(headers: Headers, name: string): string {
  const fields = `;${first(headers, "content-disposition").slice(0, 4_000)};${first(headers, "content-type").slice(0, 4_000)}`;
  const found = new Map<string, string>();
  for (const [, key = "", quoted, bare = ""] of fields.matchAll(
    /;\s*((?:file)?name(?:\*\d{0,2}\*?)?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/gi,
  ))
    if (!found.has(key.toLowerCase()))
      found.set(key.toLowerCase(), (quoted?.replace(/\\(.)/g, "$1") ?? bare).trim());
  for (const base of [`file${name}`, name]) {
    const extended = found.get(`${base}*`);
    if (extended) return percent(extended);
    const pieces = [...found].filter(([key]) => new RegExp(`^${base}\\*\\d`).test(key));
    if (pieces.length > 0) {
      const whole = pieces.toSorted(([a], [b]) => numberOf(a) - numberOf(b)).map(([, value]) => value);
      return pieces.some(([key]) => key.endsWith("*")) ? percent(whole.join("")) : whole.join("");
    }
    const plain = found.get(base);
    if (plain) return plain;
  }
  return "";
}

const numberOf = (key: string) => Number(/\*(\d+)/.exec(key)?.[1] ?? 0);

/** `charset'language'text`, the text in percents. */
function percent(value: string): string {
  const [, charset = "utf-8", text = value] = /^([\w-]*)'[^']*'(.*)$/s.exec(value) ?? [];
  const bytes = text.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decode(bytes, "", charset || "utf-8");
}

/** Without decoding it. */
function sizeOf({ body, ...leaf }: Leaf): number {
  if (!/base64/i.test(encodingOf({ body, ...leaf }))) return body.length;
  return Math.floor((body.replace(/[\s=]/g, "").length * 3) / 4);
}
