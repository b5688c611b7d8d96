/** XML as all readers of a site's file take it: without inherited entities, and without XML 1.1. */
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";
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
