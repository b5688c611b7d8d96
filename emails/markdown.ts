import { Lexer, type Token, type Tokens } from "marked";
import { linkTarget, unquoted } from "./href.ts";
import { escapeHtml } from "./html.ts";
import type { Slots } from "./slots.ts";

/** How the subset is written out; one writer for HTML, one for plain text. */
type Writer = {
  text(text: string): string;
  strong(inner: string): string;
  em(inner: string): string;
  link(inner: string, href: string): string;
  lineBreak: string;
  paragraph(inner: string): string;
  list(items: string[], start: number | null): string;
  blockGap: string;
};

export type RichStyle = { link: string; gap: number };

/** The Markdown subset as HTML for mail: styles inline, every character of the source escaped. */
export function markdownToHtml(source: string, style: RichStyle, slots: Slots): string {
  const anchor = `color:${style.link};text-decoration:underline;`;
  const writer: Writer = {
    text: escapeHtml,
    strong: (inner) => `<strong>${inner}</strong>`,
    em: (inner) => `<em>${inner}</em>`,
    link: (inner, href) => `<a href="${escapeHtml(href)}" target="_blank" style="${anchor}">${inner}</a>`,
    lineBreak: "<br>",
    paragraph: (inner) => `<p dir="auto" style="margin:0 0 ${style.gap}px 0;">${inner}</p>`,
    list: (items, start) => {
      const tag = start === null ? "ul" : "ol";
      const from = start !== null && start !== 1 ? ` start="${start}"` : "";
      const rows = items.map((item) => `<li dir="auto" style="margin:0 0 8px 0;">${item}</li>`).join("");
      return `<${tag}${from} style="margin:0 0 ${style.gap}px 0;padding:0 0 0 24px;">${rows}</${tag}>`;
    },
    blockGap: "\n",
  };
  return write(source, writer, slots);
}

/** The same subset as plain text: a link is followed by its address, a list keeps its marks. */
export function markdownToText(source: string, slots: Slots): string {
  const writer: Writer = {
    text: (text) => text,
    strong: (inner) => inner,
    em: (inner) => inner,
    link: (inner, href) => {
      const shown = href.replace(/^mailto:/, "");
      return inner === shown || /^tel:/.test(href) ? inner : `${inner} (${shown})`;
    },
    lineBreak: "\n",
    paragraph: (inner) => inner,
    list: (items, start) =>
      items.map((item, i) => `${start === null ? "-" : `${start + i}.`} ${item}`).join("\n"),
    blockGap: "\n\n",
  };
  return write(source, writer, slots);
}

function write(source: string, writer: Writer, slots: Slots): string {
  const tokens = new Lexer({ gfm: true, breaks: true }).lex(source);
  return blocks(tokens, writer, slots).join(writer.blockGap);
}

function blocks(tokens: Token[], writer: Writer, slots: Slots): string[] {
  return tokens.flatMap((token) => {
    if (token.type === "space" || token.type === "def") return [];
    if (token.type === "list") return [list(token as Tokens.List, writer, slots)];
    if (token.type === "paragraph" && token.tokens)
      return [writer.paragraph(inline(token.tokens, writer, slots))];
    return [writer.paragraph(asTyped(token.raw, writer))];
  });
}

function list(token: Tokens.List, writer: Writer, slots: Slots): string {
  const items = token.items.map((item) =>
    item.tokens
      .map((part) => {
        if (part.type === "list") return list(part as Tokens.List, writer, slots);
        if ("tokens" in part && part.tokens && isProse(part)) return inline(part.tokens, writer, slots);
        return part.type === "space" ? "" : asTyped(part.raw, writer);
      })
      .filter((part) => part !== "")
      .join(writer.lineBreak),
  );
  return writer.list(items, token.ordered && typeof token.start === "number" ? token.start : null);
}

function isProse(token: Token): boolean {
  return token.type === "text" || token.type === "paragraph";
}

function inline(tokens: Token[], writer: Writer, slots: Slots): string {
  return tokens.map((token) => span(token, writer, slots)).join("");
}

function span(token: Token, writer: Writer, slots: Slots): string {
  if (token.type === "strong") return writer.strong(inline(token.tokens ?? [], writer, slots));
  if (token.type === "em") return writer.em(inline(token.tokens ?? [], writer, slots));
  if (token.type === "br") return writer.lineBreak;
  if (token.type === "escape") return writer.text(token.text);
  if (token.type === "link" && isBare(token)) {
    const { url, rest } = unquoted(token.raw);
    const href = bareTarget(token as Tokens.Link, slots);
    return href === null ? writer.text(token.raw) : writer.link(writer.text(url), href) + writer.text(rest);
  }
  if (token.type === "link") {
    const href = linkTarget(token.href, slots);
    const inner = inline(token.tokens ?? [], writer, slots);
    return href === null || inner.trim() === "" ? writer.text(token.raw) : writer.link(inner, href);
  }
  return writer.text(token.raw);
}

/** An address found in running text, without brackets of any kind. */
const isBare = (token: Token) => "text" in token && token.raw === token.text;

/** What Markdown put before the address (`http://`, `mailto:`) stays before what is left of it. */
function bareTarget({ raw, href }: Tokens.Link, slots: Slots): string | null {
  const { url } = unquoted(raw);
  const before = /^(?:https?:|mailto:)/i.test(raw) ? "" : (/^(?:http:\/\/|mailto:)/.exec(href)?.[0] ?? "");
  return linkTarget(before + url, slots);
}

/**
 * Links that were meant and that readers would see as brackets: an address with a space, without https://, with
 * quotes, without a text. Excerpts of the source, none when all is well.
 */
export function unreadLinks(source: string, slots: Slots): string[] {
  return new Lexer({ gfm: true, breaks: true })
    .lex(source)
    .map((token) => leftAsTyped(token, slots))
    .flatMap((text) => linkMarks(text));
}

/** What looks like a link in a text that is shown as it stands. */
export const linkMarks = (text: string): string[] =>
  text.match(/\[[^[\]\n]{0,300}\](?:\([^)\n]{0,300}\)?| \((?:https?:|www\.|mailto:)[^)\n]{0,300}\)?)/gi) ??
  [];

/** The source of a token without the links it holds and the signs that were escaped. */
function leftAsTyped(token: Token, slots: Slots): string {
  if (token.type === "escape" || token.type === "def") return " ";
  if (token.type === "link" && !isBare(token)) {
    const read = linkTarget(token.href, slots) !== null && token.text.trim() !== "";
    return read ? " " : token.raw;
  }
  const inside = token.type === "list" ? (token as Tokens.List).items.flatMap((item) => item.tokens) : null;
  const parts = inside ?? ("tokens" in token && token.type !== "link" ? token.tokens : undefined);
  return parts ? parts.map((part) => leftAsTyped(part, slots)).join("") : token.raw;
}

function asTyped(raw: string, writer: Writer): string {
  return raw
    .trim()
    .split("\n")
    .map((typed) => writer.text(typed))
    .join(writer.lineBreak);
}
