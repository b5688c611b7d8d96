/** What of a message is signed, and in which form (RFC 6376, sections 3.4 and 5.4): relaxed, headers and body. */
import RelaxedBody from "nodemailer/lib/dkim/relaxed-body";

type Fields = { name: string; line: string }[];

/**
 * Each is named once more than it stands in the message, so that none of them can be added on the way: the last
 * mention names a field that must not exist (section 8.15). Without that, readers see whichever of two Subjects their
 * program prefers, under a good signature.
 */
const always = [
  "from",
  "to",
  "cc",
  "reply-to",
  "subject",
  "date",
  "message-id",
  "mime-version",
  "content-type",
  "list-unsubscribe",
  "list-unsubscribe-post",
];
/** These when they are there: a gateway that adds a missing one does no harm. */
const whenPresent = [
  "sender",
  "in-reply-to",
  "references",
  "content-transfer-encoding",
  "list-id",
  "list-help",
  "feedback-id",
  "precedence",
  "auto-submitted",
];

/** `names`: for the tag h; `text`: what is hashed of the header, but for the signature's own field. `head`: CRLF lines. */
export function canonicalHeader(head: string): { names: string[]; text: string } {
  const fields = fieldsOf(head);
  const names: string[] = [];
  let text = "";
  const add = (name: string, found: Fields) => {
    // From the bottom up (section 5.4.2).
    for (const { line } of found.toReversed()) text += `${canonicalField(line)}\r\n`;
    names.push(...found.map(() => name), name);
  };
  for (const name of always)
    add(
      name,
      fields.filter((field) => field.name === name),
    );
  for (const name of whenPresent) {
    const found = fields.filter((field) => field.name === name);
    if (found.length > 0) add(name, found);
  }
  return { names, text };
}

/** Each field with its lower-case name, folded lines kept together. */
const fieldsOf = (head: string): Fields =>
  head
    .split(/\r\n(?![ \t])/)
    .filter((line) => line !== "")
    .map((line) => ({ name: line.slice(0, line.indexOf(":")).trim().toLowerCase(), line }));

/** Relaxed, without its line end (section 3.4.2). */
export function canonicalField(field: string): string {
  const colon = field.indexOf(":");
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, "")
    .replace(/[ \t]+/g, " ")
    .trim();
  return `${field.slice(0, colon).trim().toLowerCase()}:${value}`;
}

/** SHA-256 of the body, base64; told piece by piece. */
export function openBodyHash() {
  const relaxedBody = new RelaxedBody();
  return {
    add: (piece: Buffer) => relaxedBody.updateHash(piece),
    digest: (): string => {
      relaxedBody.updateHash(Buffer.alloc(0), true);
      return relaxedBody.bodyHash.digest("base64");
    },
  };
}
