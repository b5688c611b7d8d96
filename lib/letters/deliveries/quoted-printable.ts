/**
 * Quoted-printable (RFC 2045, section 6.7) in two steps, so that what all recipients share is encoded once: texts are
 * encoded in pieces, and the line they make is broken for each recipient. Where nodemailer breaks a line is kept to
 * the byte: after the last space or stop of the last third, else never inside an escape or a character.
 */
import { encode } from "nodemailer/lib/qp";

const WIDTH = 76;
const MARGIN = 25;
const [TAB, SPACE, EQUALS] = [0x09, 0x20, 0x3d];
/** First hexadecimal digit of a byte from 0x80, and of one that begins a character of UTF-8. */
const [FROM_80, FROM_C0] = [0x38, 0x43];

const literal = /^[\t\x20-\x3c\x3e-\x7e]*$/;
const breakable = new Set([..." \t.,!?"].map((one) => one.charCodeAt(0)));

/** A piece of a line, which holds no line end: what follows it decides about its last space (see `endLine`). */
export const encodePiece = (text: string): string =>
  // The letter keeps a last space as it is; it is its own code.
  literal.test(text) ? text : encode(`${text}x`).slice(0, -1);

/** One encoded line with its CRLF, broken so that none is longer than 76 characters. */
export function endLine(encoded: string): string {
  const last = encoded.charCodeAt(encoded.length - 1);
  // A space at the end of a line would not survive the journey.
  const safe =
    last === SPACE || last === TAB ? `${encoded.slice(0, -1)}=${last === TAB ? "09" : "20"}` : encoded;
  return breakLine(`${safe}\r\n`);
}

function breakLine(line: string): string {
  let broken = "";
  let start = 0;
  while (line.length - start > WIDTH) {
    const end = breakAt(line, start);
    broken += `${line.slice(start, end)}=\r\n`;
    start = end;
  }
  return broken + line.slice(start);
}

/** Where the line begun at `start`, longer than allowed, is broken. */
function breakAt(line: string, start: number): number {
  const limit = start + WIDTH;
  for (let at = limit - 1; at >= limit - MARGIN; at--) {
    if (breakable.has(line.charCodeAt(at))) return at + 1 === limit ? at : at + 1;
  }
  let end = limit;
  if (line.charCodeAt(end - 1) === EQUALS) end -= 1;
  else if (line.charCodeAt(end - 2) === EQUALS) end -= 2;
  // Back to the first byte of the character.
  while (line.charCodeAt(end - 3) === EQUALS) {
    const digit = line.charCodeAt(end - 2);
    if (digit < FROM_80) break;
    end -= 3;
    if (digit >= FROM_C0) break;
  }
  if (end < limit) return end;
  // The sign of the break itself needs a place.
  return line.charCodeAt(end - 3) === EQUALS ? end - 3 : end - 1;
}
