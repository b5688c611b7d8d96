/**
 * The two parts of a campaign's mail, encoded once: lines without a slot are quoted-printable already, the others
 * are encoded but for their slots and broken for each recipient. Lines are independent because the encoder starts
 * afresh after each CRLF (RFC 2045, section 6.7), so the bytes are those nodemailer would make of the whole (past
 * 64 kB it cuts its input, and may break one line elsewhere); a test holds them to it.
 */
import { encode, wrap } from "nodemailer/lib/qp";
import { type SplitTemplate, splice } from "#emails/personalise";
import { encodePiece, endLine } from "#lib/letters/deliveries/quoted-printable";

type Variables = Parameters<typeof splice>[1];
type Slots = SplitTemplate["slots"][number][];

/** A line to finish for each recipient: `encoded` are the texts around its slots. */
type Line = { template: SplitTemplate; encoded: readonly string[] };
/** Ready text, or a line. */
type Piece = string | Line;
export type EncodedBody = readonly Piece[];

const CRLF = "\r\n";

/** Cuts a template into lines; a slot's value may itself hold several. */
export function encodeBody({ statics, slots }: SplitTemplate): EncodedBody {
  const pieces: Piece[] = [];
  let line: { statics: string[]; slots: Slots } = { statics: [""], slots: [] };
  const finish = () => {
    if (line.slots.length > 0) pieces.push({ template: line, encoded: line.statics.map(encodePiece) });
    else {
      const ready = quote((line.statics[0] ?? "") + CRLF);
      // Neighbours are joined once here rather than once a recipient.
      if (typeof pieces.at(-1) === "string") pieces.push(`${pieces.pop()}${ready}`);
      else pieces.push(ready);
    }
    line = { statics: [""], slots: [] };
  };
  statics.forEach((text, i) => {
    const [first = "", ...rest] = text.split(/\r?\n/);
    line.statics[line.statics.length - 1] += first;
    for (const next of rest) {
      finish();
      line.statics[0] = next;
    }
    const slot = slots[i];
    if (!slot) return;
    line.slots.push(slot);
    line.statics.push("");
  });
  // A body ends with its last line's end, so that every line is encoded by the same rule.
  if (line.slots.length > 0 || line.statics[0] !== "") finish();
  return pieces;
}

/** One recipient's copy, quoted-printable. */
export function spliceBody(body: EncodedBody, variables: Variables): string {
  let text = "";
  for (const piece of body) text += typeof piece === "string" ? piece : spliceLine(piece, variables);
  return text;
}

function spliceLine({ template, encoded }: Line, variables: Variables): string {
  let line = encoded[0] ?? "";
  for (let i = 0; i < template.slots.length; i++) {
    line += encodePiece(template.slots[i]?.value(variables) ?? "") + (encoded[i + 1] ?? "");
  }
  // A value of several lines, or a carriage return alone: rare enough to be encoded whole.
  if (/[\r\n]/.test(line)) return quote(windows(splice(template, variables)) + CRLF);
  return endLine(line);
}

/** Line ends as SMTP wants them. */
export const windows = (text: string) => text.replace(/\r?\n/g, CRLF);

const quote = (text: string) => wrap(encode(text));
