/** From text to contacts, in constant memory: the reader pulls, so a slow database slows the file down. */
import { decode, type Told } from "#lib/sites/sources/decode";
import type { Dialect } from "#lib/sites/sources/dialect";
import {
  clearable,
  containers,
  leaves,
  limits,
  type RawContact,
  type RowReason,
  repeatable,
} from "#lib/sites/sources/format";
import { type Reader, RecordReader } from "#lib/sites/sources/records";
import { FileRefused } from "#lib/sites/sources/refusal";
import { type Skim, type Skimmed, skim } from "#lib/sites/sources/skim";
import { attribute, rootOf, type Tag, XmlReader } from "#lib/sites/sources/xml";

/**
 * The contacts of a file, one by one, in its order. `key` is the source the file must name.
 * Throws FileRefused, with the line, for anything but a whole document of the format; a contact that is
 * wrong in itself comes out with its faults. `told` is what HTTP says of its charset; `known`, what may be passed over;
 * `dialect` reads what is not of our format, whole each time.
 */
export function parseContacts(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  told?: Told,
  known?: null,
  dialect?: Dialect | null,
): AsyncGenerator<RawContact>;
export function parseContacts(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  told: Told,
  known: Skim | null,
  dialect?: Dialect | null,
): AsyncGenerator<RawContact | Skimmed>;
export async function* parseContacts(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  told: Told = {},
  known: Skim | null = null,
  dialect: Dialect | null = null,
): AsyncGenerator<RawContact | Skimmed> {
  const texts = decode(bytes, told);
  const first = await texts.next();
  async function* whole() {
    if (!first.done) yield first.value;
    yield* texts;
  }
  const foreign = dialect && !first.done && !isOurs(first.value) ? new RecordReader(dialect) : null;
  const ours = new ContactReader(key);
  const reader: Reader = foreign ?? ours;
  if (known && !foreign) yield* skim(whole(), ours, known);
  else
    for await (const text of whole()) {
      reader.write(text);
      yield* reader.take();
    }
  reader.close();
  yield* reader.take();
}

/** What a script of ours gives is never in its site's words. */
function isOurs(start: string): boolean {
  const root = rootOf(start);
  return root?.name === "contacts" && root.attributes.version !== undefined;
}

class ContactReader extends XmlReader implements Reader {
  private readonly key: string;
  private readonly path: string[] = [];
  private done: RawContact[] = [];
  private contact: RawContact | null = null;
  private leaf: { path: string; line: number; text: string; tag: Tag | null } | null = null;
  private elements = 0;
  private rows = 0;
  version = "";
  /** Where the root was opened, or the last of its contacts closed. */
  private border = -1;
  /** Whether `<end rows="…"/>` was read: what proves that a file of 1.1 is whole, wherever its site gave up. */
  private ended = false;

  constructor(key: string) {
    super();
    this.key = key;
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

  protected override ending() {
    if (this.version === "1.1" && !this.ended) throw new FileRefused("noEnd", this.lastEventLine);
  }

  take(): RawContact[] {
    const taken = this.done;
    this.done = [];
    return taken;
  }

  protected override open(name: string) {
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

  protected override opened(tag: Tag) {
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

  protected override text(text: string) {
    if (this.leaf) {
      this.leaf.text += text;
      if (this.leaf.text.length > limits.run) this.refuse("tooLong");
      return;
    }
    const parent = this.path.slice(2).join("/");
    if (this.contact && text.trim() !== "" && (parent === "" || containers.has(parent)))
      this.fault("strayText", parent || "contact", text);
  }

  protected override closed() {
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
