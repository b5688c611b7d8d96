/** The same people as JSON: `{"source", "version": "1.1", "contacts": […], "rows"}`, in constant memory, one item at a time. */
import { type Dialect, type DialectField, fieldsByPath } from "#lib/sites/sources/dialect";
import { limits, type RawContact } from "#lib/sites/sources/format";
import { rawOf, recordOf } from "#lib/sites/sources/json-contact";
import { FileRefused } from "#lib/sites/sources/refusal";

/** As parseContacts: the people of a file, one by one, or FileRefused with its line. */
export async function* parseJson(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  dialect: Dialect | null = null,
): AsyncGenerator<RawContact> {
  const scanner = new Scanner(key, dialect);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const piece of bytes)
    yield* scanner.read(decoded(() => decoder.decode(piece, { stream: true }), scanner));
  yield* scanner.read(decoded(() => decoder.decode(), scanner));
  scanner.end();
}

function decoded(read: () => string, { line }: Scanner): string {
  try {
    return read();
  } catch {
    throw new FileRefused("bytes", line, { charset: "UTF-8" });
  }
}

/** What may come next between the items. */
type Turn = "first" | "comma" | "item";

class Scanner {
  line = 1;
  private readonly key: string;
  private part: "head" | "items" | "tail" = "head";
  private head = "";
  private tail = "";
  private item = "";
  private itemLine = 1;
  private depth = 0;
  private quoted = false;
  private escaped = false;
  private turn: Turn = "first";
  private rows = 0;

  /** How deep the list of people stands: in an object, or by itself. */
  private list = 2;
  private readonly dialect: Dialect | null;
  /** By path, where the file is in its site's own words. */
  private fields: Map<string, DialectField[]> | null = null;

  constructor(key: string, dialect: Dialect | null) {
    this.key = key;
    this.dialect = dialect;
  }

  *read(text: string): Generator<RawContact> {
    for (const char of text) {
      if (char === "\n") this.line++;
      const raw = this.take(char);
      if (raw) yield raw;
    }
  }

  end() {
    const { dialect } = this;
    if (dialect && this.depth === 0 && this.rows === 0)
      throw new FileRefused("noRecord", this.line, { record: dialect.record });
    if (this.part !== "tail" || this.depth !== 0) throw new FileRefused("truncated", this.line);
    const { rows } = this.parse<{ rows?: unknown }>(`${this.head}[]${this.tail}`, this.line);
    if (this.fields) return;
    if (rows === undefined) throw new FileRefused("noEnd", this.line);
    if (rows !== this.rows)
      throw new FileRefused("endCount", this.line, { said: String(rows).slice(0, 20), found: this.rows });
  }

  private take(char: string): RawContact | null {
    const outside = !this.quoted;
    if (this.quoted) {
      if (this.escaped) this.escaped = false;
      else if (char === "\\") this.escaped = true;
      else if (char === '"') this.quoted = false;
    } else if (char === '"') this.quoted = true;
    if (outside && (char === "{" || char === "[")) return this.open(char);
    if (outside && (char === "}" || char === "]")) return this.close(char);
    this.keep(char, outside);
    return null;
  }

  private open(char: string): null {
    const begins = this.part === "head" && char === "[" && this.begins();
    this.depth++;
    if (this.depth > limits.depth) throw new FileRefused("depth", this.line, { depth: limits.depth });
    if (begins) {
      this.part = "items";
      if (!this.fields) this.checkHead();
    } else if (this.part === "items" && this.depth === this.list + 1) {
      if (char !== "{" || this.turn === "comma") this.malformed();
      if (++this.rows > limits.rows) throw new FileRefused("tooManyRows", this.line, { limit: limits.rows });
      this.item = char;
      this.itemLine = this.line;
    } else this.keep(char, true);
    return null;
  }

  /** Whether the people are in the list that opens here; what a script of ours gives is never in its site's words. */
  private begins(): boolean {
    const name = this.depth === 1 ? /"((?:[^"\\]|\\.){0,200})"\s*:\s*$/.exec(this.head)?.[1] : undefined;
    const ours = name === "contacts" && (!this.dialect || /"version"\s*:\s*"1\.1"/.test(this.head));
    if (ours || !this.dialect) return ours;
    const alone = this.depth === 0;
    if (!alone && name !== this.dialect.record) return false;
    this.fields = fieldsByPath(this.dialect);
    this.list = alone ? 1 : 2;
    return true;
  }

  private close(char: string): RawContact | null {
    this.depth--;
    if (this.part === "items" && this.depth === this.list) {
      this.turn = "comma";
      const value = this.parse<Record<string, unknown>>(this.item + char, this.itemLine);
      this.item = "";
      return this.fields ? recordOf(value, this.fields, this.itemLine) : rawOf(value, this.itemLine);
    }
    if (this.part === "items" && this.depth === this.list - 1) {
      if (char !== "]" || this.turn === "item") this.malformed();
      this.part = "tail";
    } else this.keep(char, true);
    if (this.depth < 0) this.malformed();
    return null;
  }

  /** A character of the part that is being read; between two items there is a comma and nothing else. */
  private keep(char: string, outside: boolean) {
    if (this.part === "head") this.head += char;
    else if (this.part === "tail") this.tail += char;
    else if (this.depth > this.list) this.item += char;
    else if (char === "," && outside && this.turn === "comma") this.turn = "item";
    else if (!/\s/.test(char)) this.malformed();
    const longest = Math.max(this.head.length, this.tail.length, this.item.length);
    if (longest > limits.run) throw new FileRefused("tooLong", this.line);
  }

  private checkHead() {
    const { source, version } = this.parse<{ source?: unknown; version?: unknown }>(`${this.head}[]}`, 1);
    if (version !== "1.1") throw new FileRefused("version", 1, { version: String(version).slice(0, 20) });
    if (source !== this.key)
      throw new FileRefused("otherSource", 1, { found: String(source).slice(0, 60), expected: this.key });
  }

  private parse<T>(text: string, line: number): T {
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new FileRefused("malformedJson", line);
    }
  }

  private malformed(): never {
    throw new FileRefused("malformedJson", this.line);
  }
}
