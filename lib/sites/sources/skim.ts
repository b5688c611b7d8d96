/**
 * A file's text, contact by contact: those that say to the letter what they said last are passed over, the others go to
 * the parser. Everything that is not plainly a contact between two others goes to the parser too, which alone judges.
 */
import { hash } from "node:crypto";

/** What is known of a contact by its id: the hash of its text when it was last written, and of its row. */
export type KnownText = { textHash: Buffer; rowHash: Buffer };
/** `context`: what else a row depends on. */
export type Skim = { context: string; lookUp(ids: string[]): Promise<Map<string, KnownText>> };

/** A contact that says what it said last. */
export type Skimmed = { skimmed: true; line: number; id: string; known: KnownText };

/** The parser, as seen from here. `isBetween`: all that was written ends at the border of a contact, inside the root. */
export type Reader<R> = {
  write(text: string): void;
  take(): R[];
  pass(text: string): number;
  readonly isBetween: boolean;
  readonly version: string;
};

const start = /\s*<contact(?=[\s>])/y;
const close = "</contact>";
const id = /^\s*<contact\s[^>]*?\bid\s*=\s*["']([^"'&<>]+)["']/;
/** Contacts looked up at once, and characters held meanwhile. */
const batch = { contacts: 2000, characters: 2_000_000 };

/** `rows` with the hash of their text, where it was theirs alone. */
export async function* skim<R extends { textHash?: Buffer }>(
  texts: AsyncIterable<string>,
  reader: Reader<R>,
  { context, lookUp }: Skim,
): AsyncGenerator<R | Skimmed> {
  let held = "";
  let contacts: string[] = [];
  let size = 0;
  let between = false;

  const flush = async function* (): AsyncGenerator<R | Skimmed> {
    const waiting = contacts;
    [contacts, size] = [[], 0];
    const ids = waiting.map((text) => id.exec(text)?.[1] ?? "");
    const known = waiting.length > 0 ? await lookUp(ids.filter(Boolean)) : new Map<string, KnownText>();
    for (const [n, text] of waiting.entries()) {
      const textHash = hash("sha256", `${context}\n${reader.version}\n${text.trimStart()}`, "buffer");
      const name = ids[n] ?? "";
      const last = between ? known.get(name) : undefined;
      if (last?.textHash.equals(textHash)) {
        yield { skimmed: true, line: reader.pass(text), id: name, known: last };
        continue;
      }
      const was = between;
      reader.write(text);
      between = reader.isBetween;
      const rows = reader.take();
      const [row] = rows;
      if (was && between && row && rows.length === 1) row.textHash = textHash;
      yield* rows;
    }
  };
  const hand = async function* (text: string) {
    yield* flush();
    if (text) reader.write(text);
    between = reader.isBetween;
    yield* reader.take();
  };

  for await (const text of texts) {
    held += text;
    for (;;) {
      start.lastIndex = 0;
      if (between && start.test(held)) {
        const end = held.indexOf(close);
        if (end < 0) break;
        contacts.push(held.slice(0, end + close.length));
        size += end;
        held = held.slice(end + close.length);
        if (contacts.length >= batch.contacts || size >= batch.characters) yield* flush();
        continue;
      }
      const next = held.slice(1).search(/<contact(?=[\s>])/) + 1;
      if (next === 0) break;
      yield* hand(held.slice(0, next));
      held = held.slice(next);
    }
    // What may be the beginning of a contact is held; what is too long to be one is the parser's to refuse.
    if (held.length > 65_536) {
      yield* hand(held);
      held = "";
    }
  }
  yield* hand(held);
}
