/**
 * What somebody wrote, reduced to what a letter may hold: paragraphs, bold, italic, lists, links. Whatever was pasted
 * (Word, a web page) or posted by hand passes here, so that nothing else is ever kept, shown or sent.
 */
import { Parser } from "htmlparser2";

const kept: Record<string, string> = {
  p: "p",
  div: "p",
  h1: "p",
  h2: "p",
  h3: "p",
  blockquote: "p",
  b: "strong",
  strong: "strong",
  i: "em",
  em: "em",
  ul: "ul",
  ol: "ol",
  li: "li",
  a: "a",
};
/** What is inside them is not text of the letter. */
const silent = new Set([
  "script",
  "style",
  "head",
  "title",
  "template",
  "noscript",
  "svg",
  "math",
  "object",
  "select",
  "iframe",
]);
const blocks = new Set(["p", "ul", "ol", "li"]);

/** Deeper than anybody writes: a bomb of nested tags becomes flat text. */
const DEEPEST = 20;
export const longestLetter = 100_000;

/** The same letter in the few tags allowed, well formed. Time and size grow with the input alone. */
export function cleanRich(html: string): string {
  const open: string[] = [];
  let out = "";
  let muted = 0;
  const close = (tag: string) => {
    while (open.length > 0) {
      const last = open.pop();
      out += `</${last}>`;
      if (last === tag) return;
    }
  };
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (silent.has(name)) muted++;
        if (muted > 0) return;
        if (name === "br") out += "<br>";
        const tag = kept[name];
        if (!tag || open.length >= DEEPEST) return;
        const href = tag === "a" ? linkOf(attributes.href) : null;
        if (tag === "a" && (!href || open.includes("a"))) return;
        // A paragraph holds no block, an item of no list is a paragraph.
        if (blocks.has(tag) && open.includes("p")) close("p");
        if (tag === "li" && !open.some((one) => one === "ul" || one === "ol")) return;
        open.push(tag);
        out += href ? `<a href="${escaped(href)}">` : `<${tag}>`;
      },
      ontext: (text) => {
        // Invisible marks that hide a word from whoever reads it, or turn a line around.
        if (muted === 0) out += escaped(text.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, ""));
      },
      onclosetag: (name) => {
        if (silent.has(name)) muted = Math.max(0, muted - 1);
        const tag = kept[name];
        if (muted === 0 && tag && open.includes(tag)) close(tag);
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html.slice(0, longestLetter));
  parser.end();
  close("");
  return out.replace(/(?:<(p|strong|em|li|ul|ol)>\s*<\/\1>)+/g, "").trim();
}

/** Where a link of a letter may lead; null for anything else (`javascript:`, `data:`…). */
function linkOf(href: string | undefined): string | null {
  const url = URL.parse((href ?? "").trim());
  return url && /^(?:https?|mailto):$/.test(url.protocol) ? url.href : null;
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Plain text as a letter: an empty line ends a paragraph. */
export const richOf = (text: string): string =>
  text
    .replaceAll("\r", "")
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => `<p>${escaped(paragraph.trim()).replaceAll("\n", "<br>")}</p>`)
    .join("");

/** The text part of a letter (RFC 2046, section 5.1.4), from what `cleanRich` made. */
export function textOf(rich: string): string {
  let out = "";
  const lists: number[] = [];
  let href = "";
  let from = 0;
  const line = (count: number) => {
    const has = /\n*$/.exec(out)?.[0].length ?? 0;
    if (out !== "" && has < count) out += "\n".repeat(count - has);
  };
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (name === "br") out += "\n";
      if (name === "p") line(lists.length > 0 ? 1 : 2);
      if (name === "ul" || name === "ol") {
        line(lists.length > 0 ? 1 : 2);
        lists.push(name === "ol" ? 1 : 0);
      }
      if (name === "li") {
        line(1);
        const number = lists.at(-1) ?? 0;
        out += `${"  ".repeat(Math.max(0, lists.length - 1))}${number ? `${number}. ` : "- "}`;
        if (number) lists[lists.length - 1] = number + 1;
      }
      if (name === "a") [href, from] = [attributes.href ?? "", out.length];
    },
    ontext: (text) => {
      out += text.replace(/\s+/g, " ");
    },
    onclosetag: (name) => {
      if (name === "p") line(lists.length > 0 ? 1 : 2);
      if (name === "ul" || name === "ol") {
        lists.pop();
        line(lists.length > 0 ? 1 : 2);
      }
      // Told beside its words, unless they are the address itself.
      if (name === "a" && bare(out.slice(from)) !== bare(href)) out += ` (${href.replace(/^mailto:/, "")})`;
    },
  });
  parser.write(rich);
  parser.end();
  return out.replace(/[ \t]+$/gm, "").trim();
}

const bare = (text: string) =>
  text
    .trim()
    .replace(/^(?:https?:\/\/|mailto:)/, "")
    .replace(/\/$/, "");

/** The HTML part of a letter: no picture, no style but what makes it readable. */
export const letterHtml = (rich: string): string =>
  `<!doctype html><html lang="fr"><body style="font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a">${rich}</body></html>`;
