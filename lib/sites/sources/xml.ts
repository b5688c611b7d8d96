/** XML as all readers of a site's file take it: without inherited entities, and without XML 1.1. */
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";
import { limits } from "#lib/sites/sources/format";
import { FileRefused } from "#lib/sites/sources/refusal";

export type Tag = SaxesTagNS;

/** Namespaces are checked, though the format has none: a fault in them is a fault of the file. */
export function openParser() {
  const parser = new SaxesParser({ xmlns: true });
  // The five of XML and nothing inherited: in the parser's own table, &constructor; would be known.
  parser.ENTITIES = Object.assign(Object.create(null), {
    amp: "&",
    gt: ">",
    lt: "<",
    quot: '"',
    apos: "'",
  });
  // XML 1.1 lets in control characters that no feed of ours could say again.
  parser.on("xmldecl", ({ version }) => {
    if (version === "1.1") throw new FileRefused("version", 1, { version: "XML 1.1" });
  });
  return parser;
}

/** An attribute of a tag, trimmed and cut; empty where there is none. */
export const attribute = (tag: Tag, name: string) =>
  String((tag.attributes[name] as SaxesAttributeNS | undefined)?.value ?? "")
    .trim()
    .slice(0, 500);

/** The first element of a document, from its beginning; null where there is none that can be read. */
export function rootOf(start: string): Tag | null {
  const parser = openParser();
  let root: Tag | null = null;
  // Its reader will say what is wrong with it.
  parser.on("error", () => {});
  parser.on("opentag", (tag) => {
    root ??= tag;
  });
  parser.write(start);
  return root;
}

/** What every reader of a file refuses, by its line; what its elements mean is said by who extends it. */
export abstract class XmlReader {
  protected readonly parser = openParser();
  private lastEvent = 0;
  protected lastEventLine = 1;
  /** The text being read and where it starts, to find a fault's own line. */
  protected piece = { text: "", start: 0 };
  private closing = false;

  constructor() {
    const { parser } = this;
    const marked = (tell: () => void) => {
      this.mark();
      tell();
    };
    parser.on("error", (error) => this.malformed(error));
    parser.on("doctype", () => this.refuse("doctype"));
    parser.on("opentagstart", (tag) => marked(() => this.open(tag.name)));
    parser.on("opentag", (tag) => marked(() => this.opened(tag)));
    parser.on("closetag", () => marked(() => this.closed()));
    parser.on("text", (text) => marked(() => this.text(text)));
    parser.on("cdata", (text) => marked(() => this.text(text)));
    parser.on("comment", () => this.mark());
    parser.on("processinginstruction", () => this.mark());
  }

  protected abstract open(name: string): void;
  protected abstract opened(tag: Tag): void;
  protected abstract closed(): void;
  protected abstract text(text: string): void;
  /** After the last character of a document that is whole. */
  protected abstract ending(): void;

  write(text: string) {
    this.piece = { text, start: this.piece.start + this.piece.text.length };
    this.parser.write(text);
    // The parser keeps a text, an attribute or a comment until its end: one without end must not fill the memory.
    if (this.piece.start + text.length - this.lastEvent > limits.run) this.refuse("tooLong");
  }

  close() {
    this.closing = true;
    this.parser.close();
    this.ending();
  }

  private mark() {
    const { position } = this.parser;
    if (position - this.lastEvent > limits.run) this.refuse("tooLong");
    this.lastEvent = position;
    this.lastEventLine = this.parser.line;
  }

  protected refuse(reason: FileRefused["reason"], data?: Record<string, string | number>): never {
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
}
