/** XML in its site's own words: each of its records is a person, in constant memory and under the limits of our format. */
import { type Dialect, type DialectField, fieldsByPath, Gathering } from "#lib/sites/sources/dialect";
import { limits, type RawContact } from "#lib/sites/sources/format";
import { attribute, type Tag, XmlReader } from "#lib/sites/sources/xml";

/** What takes text and gives people, in the order of the file. */
export type Reader = { write(text: string): void; close(): void; take(): RawContact[] };

export class RecordReader extends XmlReader implements Reader {
  private readonly record: string;
  private readonly fields: Map<string, DialectField[]>;
  private readonly path: string[] = [];
  private done: RawContact[] = [];
  /** The person being read, and how many elements it stands in, itself included. */
  private person: { gathering: Gathering; depth: number } | null = null;
  private leaf: { path: string; line: number; text: string } | null = null;
  private elements = 0;
  private rows = 0;

  constructor(dialect: Dialect) {
    super();
    this.record = dialect.record;
    this.fields = fieldsByPath(dialect);
  }

  take(): RawContact[] {
    const taken = this.done;
    this.done = [];
    return taken;
  }

  protected override open(name: string) {
    if (this.path.length === 0 && /^html$/i.test(name)) this.refuse("html");
    this.path.push(name);
    if (this.path.length > limits.depth) this.refuse("depth", { depth: limits.depth });
    if (this.person) this.enter(this.within());
    else if (name === this.record && this.path.length > 1) this.start();
  }

  private start() {
    if (++this.rows > limits.rows) this.refuse("tooManyRows", { limit: limits.rows });
    this.elements = 0;
    const gathering = new Gathering(this.fields, this.parser.line);
    this.person = { gathering, depth: this.path.length };
  }

  private enter(path: string) {
    if (++this.elements > limits.elements) this.refuse("tooLong");
    if (!this.leaf && this.fields.has(path)) this.leaf = { path, line: this.parser.line, text: "" };
  }

  protected override opened(tag: Tag) {
    if (!this.person) return;
    const within = this.within();
    for (const name of Object.keys(tag.attributes))
      this.person.gathering.say(
        within ? `${within}/@${name}` : `@${name}`,
        attribute(tag, name),
        this.parser.line,
      );
  }

  protected override text(text: string) {
    if (!this.leaf) return;
    this.leaf.text += text;
    if (this.leaf.text.length > limits.run) this.refuse("tooLong");
  }

  protected override closed() {
    const within = this.within();
    const depth = this.path.length;
    this.path.pop();
    if (!this.person) return;
    if (this.leaf && this.leaf.path === within) {
      this.person.gathering.say(this.leaf.path, this.leaf.text, this.leaf.line);
      this.leaf = null;
    }
    if (depth !== this.person.depth) return;
    this.done.push(this.person.gathering.contact);
    this.person = null;
  }

  protected override ending() {
    if (this.rows === 0) this.refuse("noRecord", { record: this.record });
  }

  /** Where the parser is in the person's element. */
  private within(): string {
    return this.path.slice(this.person?.depth).join("/");
  }
}
