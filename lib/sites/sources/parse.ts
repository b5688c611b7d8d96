/** From text to contacts, in constant memory: the reader pulls, so a slow database slows the file down. */
import { decode, type Told } from "#lib/sites/sources/decode";
import {
  clearable,
  containers,
  leaves,
  limits,
  type RawContact,
  type RowReason,
  repeatable,
} from "#lib/sites/sources/format";
import { FileRefused } from "#lib/sites/sources/refusal";
import { type Skim, type Skimmed, skim } from "#lib/sites/sources/skim";
import { attribute, openParser, type Tag } from "#lib/sites/sources/xml";

/**
 * The contacts of a file, one by one, in its order. `key` is the source the file must name.
 * Throws FileRefused, with the line, for anything but a whole document of the format; a contact that is
 * wrong in itself comes out with its faults. `told` is what HTTP says of its charset; `known`, what may be passed over.
 */
export function parseContacts(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  told?: Told,
): AsyncGenerator<RawContact>;
export function parseContacts(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  told: Told,
  known: Skim | null,
): AsyncGenerator<RawContact | Skimmed>;
export async function* parseContacts(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  told: Told = {},
  known: Skim | null = null,
): AsyncGenerator<RawContact | Skimmed> {
  const reader = new ContactReader(key);
  if (known) {
    yield* skim(decode(bytes, told), reader, known);
    reader.close();
    yield* reader.take();
    return;
  }
  for await (const text of decode(bytes, told)) {
    reader.write(text);
    yield* reader.take();
  }
  reader.close();
  yield* reader.take();
}

class ContactReader {
  private readonly parser = openParser();
  private readonly key: string;
  private readonly path: string[] = [];
  private done: RawContact[] = [];
  private contact: RawContact | null = null;
  private leaf: { path: string; line: number; text: string; tag: Tag | null } | null = null;
  private elements = 0;
  private rows = 0;
  private lastEvent = 0;
  private lastEventLine = 1;
  /** The text being read and where it starts, to find a fault's own line. */
  private piece = { text: "", start: 0 };
  private closing = false;
  version = "";
  /** Where the root was opened, or the last of its contacts closed. */
  private border = -1;
  /** Whether `<end rows="…"/>` was read: what proves that a file of 1.1 is whole, wherever its site gave up. */
  private ended = false;

  constructor(key: string) {
    this.key = key;
    const { parser } = this;
    parser.on("error", (error) => this.malformed(error));
    parser.on("doctype", () => this.refuse("doctype"));
    parser.on("opentagstart", (tag) => this.open(tag.name));
    parser.on("opentag", (tag) => this.opened(tag));
    parser.on("closetag", () => this.closed());
    parser.on("text", (text) => this.text(text));
    parser.on("cdata", (text) => this.text(text));
    parser.on("comment", () => this.mark());
    parser.on("processinginstruction", () => this.mark());
  }

  write(text: string) {
    this.piece = { text, start: this.piece.start + this.piece.text.length };
    this.parser.write(text);
    // The parser keeps a text, an attribute or a comment until its end: one without end must not fill the memory.
    if (this.piece.start + text.length - this.lastEvent > limits.run) this.refuse("tooLong");
  }

  /** Whether what was written so far ends, but for blanks, at the border of a contact. */
  get isBetween(): boolean {
    const at = this.border - this.piece.start;
    return this.path.length === 1 && at >= 0 && this.piece.text.slice(at).trim() === "";
  }

  /** Counts a contact that is known to the letter, without reading it; the line where its tag opens. */
  pass(text: string): number {
    if (this.ended) this.refuse("afterEnd");
    if (++this.rows > limits.rows) this.refuse("tooManyRows", { limit: limits.rows });
    const { parser } = this;
    const line = parser.line + breaks(text.slice(0, text.indexOf("<")));
    parser.line = line + breaks(text.trimStart());
    this.lastEventLine = parser.line;
    return line;
  }

  close() {
    this.closing = true;
    this.parser.close();
    if (this.version === "1.1" && !this.ended) throw new FileRefused("noEnd", this.lastEventLine);
  }

  take(): RawContact[] {
    const taken = this.done;
    this.done = [];
    return taken;
  }

  private mark() {
    const { position } = this.parser;
    if (position - this.lastEvent > limits.run) this.refuse("tooLong");
    this.lastEvent = position;
    this.lastEventLine = this.parser.line;
  }

  private refuse(reason: FileRefused["reason"], data?: Record<string, string | number>): never {
    throw new FileRefused(reason, this.parser.line, data);
  }

  private malformed(error: Error): never {
    const lone = this.lineOfLoneAmpersand();
    if (lone) throw new FileRefused("entity", lone);
    if (this.closing) this.refuse("truncated");
    if (/entity/.test(error.message)) this.refuse("entity");
    return this.refuse("malformed", { column: this.parser.column });
  }

  /** The parser reads from « & » to the next « ; », which may be far: the fault is where it began. */
  private lineOfLoneAmpersand(): number | null {
    const since = this.piece.text.slice(Math.max(0, this.lastEvent - this.piece.start));
    const [before, after] = since.split(/&(?!#?\w+;)(?!#?\w*$)/, 2);
    if (before === undefined || after === undefined || /<!/.test(before)) return null;
    return this.lastEventLine + before.split("\n").length - 1;
  }

  private open(name: string) {
    this.mark();
    if (this.path.length === 0 && name !== "contacts")
      this.refuse(/^html$/i.test(name) ? "html" : "wrongRoot", { root: name.slice(0, 60) });
    this.path.push(name);
    if (this.path.length > limits.depth) this.refuse("depth", { depth: limits.depth });
    if (this.path.length === 2) this.start(name);
    else if (this.path.length > 2 && this.contact) this.enter(this.path.slice(2).join("/"));
  }

  private start(name: string) {
    if (this.ended) this.refuse("afterEnd");
    if (name === "end" && this.version === "1.1") return;
    if (++this.rows > limits.rows) this.refuse("tooManyRows", { limit: limits.rows });
    const line = this.parser.line;
    this.elements = 0;
    this.contact = {
      line,
      id: "",
      updated: "",
      fields: {},
      emails: [],
      subscribes: [],
      organisationLine: null,
      role: "",
      clears: [],
      partial: false,
      faults: [],
    };
    if (name !== "contact") this.fault("unknownElement", name, "", line, true);
  }

  private enter(path: string) {
    if (++this.elements > limits.elements) this.refuse("tooLong");
    const line = this.parser.line;
    if (Object.hasOwn(leaves, path)) this.leaf = { path, line, text: "", tag: null };
    else if (!containers.has(path)) this.fault("unknownElement", path, "");
  }

  private opened(tag: Tag) {
    this.mark();
    if (this.path.length === 1) this.root(tag);
    if (this.path.length === 1) this.border = this.parser.position;
    if (this.path.length === 2 && !this.contact) this.end(tag);
    if (!this.contact) return;
    if (this.path.length === 2) {
      this.contact.id = attribute(tag, "id");
      this.contact.partial = this.version !== "1.0" && /^(true|1)$/.test(attribute(tag, "partial"));
      // « updatedAt » is what the schema says, « updated » what our own code once read.
      this.contact.updated = attribute(tag, "updatedAt") || attribute(tag, "updated");
    }
    if (this.path.length === 3 && tag.name === "organisation") {
      this.contact.role = attribute(tag, "role");
      this.contact.organisationLine = this.parser.line;
    }
    if (this.path.length > 2) this.clears(tag);
    if (this.leaf && !this.leaf.tag) this.leaf.tag = tag;
  }

  private end(tag: Tag) {
    const said = attribute(tag, "rows");
    if (said !== String(this.rows)) this.refuse("endCount", { said: said.slice(0, 20), found: this.rows });
    this.ended = true;
  }

  private clears(tag: Tag) {
    if (this.version === "1.0" || !/^(true|1)$/.test(attribute(tag, "clear"))) return;
    const path = this.path.slice(2).join("/");
    if (clearable.has(path)) this.contact?.clears.push(path);
    else this.fault("clear", path, "");
  }

  private root(tag: Tag) {
    const version = attribute(tag, "version");
    if (version !== "1.0" && version !== "1.1") this.refuse("version", { version: version.slice(0, 20) });
    this.version = version;
    const source = attribute(tag, "source");
    if (source !== this.key) this.refuse("otherSource", { found: source.slice(0, 60), expected: this.key });
  }

  private text(text: string) {
    this.mark();
    if (this.leaf) {
      this.leaf.text += text;
      if (this.leaf.text.length > limits.run) this.refuse("tooLong");
      return;
    }
    const parent = this.path.slice(2).join("/");
    if (this.contact && text.trim() !== "" && (parent === "" || containers.has(parent)))
      this.fault("strayText", parent || "contact", text);
  }

  private closed() {
    this.mark();
    const depth = this.path.length;
    const path = this.path.slice(2).join("/");
    this.path.pop();
    if (this.path.length === 1) this.border = this.parser.position;
    if (!this.contact) return;
    if (depth === 2) {
      this.done.push(this.contact);
      this.contact = null;
    } else if (this.leaf?.path === path) {
      this.keep(this.contact, this.leaf);
      this.leaf = null;
    }
  }

  private keep(contact: RawContact, { path, line, text, tag }: NonNullable<typeof this.leaf>) {
    const value = text.trim();
    const of = (name: string) => (tag ? attribute(tag, name) : "");
    const count = path === "email" ? contact.emails.length : contact.subscribes.length;
    if (value.length > (leaves[path] ?? 0)) this.fault("tooLong", path, value, line);
    else if (count >= (repeatable[path] ?? limits.elements)) this.fault("tooMany", path, value, line);
    else if (path === "email")
      contact.emails.push({ value, primary: /^(true|1)$/.test(of("primary")), line });
    else if (path === "newsletters/subscribe")
      contact.subscribes.push({ topic: of("topic"), at: of("at"), proof: of("proof"), line });
    else if (Object.hasOwn(contact.fields, path)) this.fault("repeated", path, value, line);
    else contact.fields[path] = { value, line };
  }

  /** What cannot be used is left out and noted; the row goes on without it. */
  private fault(reason: RowReason, field: string, value: string, line = this.parser.line, rejected = false) {
    this.contact?.faults.push({
      line,
      field: field.slice(0, 80),
      reason,
      value: value.trim().slice(0, 200),
      rejected,
    });
  }
}

/** As the parser counts them: a carriage return breaks a line too, and with a line feed but one. */
const breaks = (text: string): number => text.match(/\r\n?|\n/g)?.length ?? 0;
