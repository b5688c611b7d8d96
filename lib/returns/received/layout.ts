/**
 * The layout of somebody else’s mail, reduced to what cannot act: no script, no form, no picture from elsewhere, nothing
 * that fetches. It is shown in a sandboxed frame whose own policy forbids the same once more (decision 69).
 */
import { Parser } from "htmlparser2";

const kept = new Set(
  (
    "a abbr address article aside b big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font footer h1 h2 h3 " +
    "h4 h5 h6 header hr i ins kbd li main mark ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var"
  ).split(" "),
);
const empty = new Set(["br", "hr", "col"]);
/** What is inside them is no text of the mail. */
const silent = new Set(
  "script style head title template noscript svg math object select textarea button iframe frameset noembed noframes xmp plaintext audio video canvas map applet".split(
    " ",
  ),
);
const attributes = new Set(
  "align valign width height bgcolor color face size border cellpadding cellspacing colspan rowspan dir lang title start type".split(
    " ",
  ),
);
const properties =
  /^(?:color|background-color|font|font-(?:family|size|style|weight)|text-(?:align|decoration|indent|transform)|line-height|letter-spacing|vertical-align|white-space|list-style-type|(?:max-)?width|height|(?:margin|padding|border)(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?|border-(?:collapse|spacing|radius)|direction)$/;

/** Deeper than any mail program writes: a bomb of nested tags becomes flat text. */
const DEEPEST = 100;
const LONGEST = 200_000;
const LONGEST_SHOWN = 600_000;

/** `pictures`: how many from elsewhere were left out. */
export type Layout = { html: string; pictures: number };

/** Well formed. Time and size grow with the first 200 000 characters alone. */
export function safeLayout(source: string): Layout {
  const open: string[] = [];
  let html = "";
  let muted = 0;
  let pictures = 0;
  const close = (tag: string) => {
    for (let last = open.pop(); last !== undefined; last = open.pop()) {
      html += `</${last}>`;
      if (last === tag) return;
    }
  };
  const parser = new Parser(
    {
      onopentag: (name, given) => {
        if (silent.has(name)) muted++;
        if (muted > 0 || html.length > LONGEST_SHOWN) return;
        if (name === "img") {
          if (isSeen(given)) pictures++;
          if (given.alt?.trim()) html += `<span>[${escaped(given.alt.trim().slice(0, 200))}]</span>`;
          return;
        }
        if (!kept.has(name) || open.length >= DEEPEST || (name === "a" && open.includes("a"))) return;
        html += `<${name}${written(name, given)}>`;
        if (!empty.has(name)) open.push(name);
      },
      ontext: (text) => {
        if (muted === 0 && html.length <= LONGEST_SHOWN) html += escaped(text);
      },
      onclosetag: (name) => {
        if (silent.has(name)) muted = Math.max(0, muted - 1);
        if (muted === 0 && !empty.has(name) && open.includes(name)) close(name);
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.write(source.slice(0, LONGEST));
  parser.end();
  close("");
  return { html, pictures };
}

/** A picture of one point is there to tell that the mail was opened: nobody misses it. */
const isSeen = ({ width, height, src }: Record<string, string>) =>
  !!src && !src.startsWith("cid:") && !(Number(width) <= 2 && Number(height) <= 2);

function written(name: string, given: Record<string, string>): string {
  let out = "";
  for (const [key, value] of Object.entries(given)) {
    if (attributes.has(key) && key !== "title") out += ` ${key}="${escaped(value.slice(0, 200))}"`;
    if (key === "style") {
      const style = styleOf(value);
      if (style) out += ` style="${escaped(style)}"`;
    }
  }
  const href = name === "a" ? linkOf(given.href) : null;
  // Where it truly leads is told before it is followed.
  if (href)
    return `${out} href="${escaped(href)}" title="${escaped(href)}" target="_blank" rel="noopener noreferrer nofollow"`;
  return out;
}

function linkOf(href: string | undefined): string | null {
  const url = URL.parse((href ?? "").trim().slice(0, 2_000));
  return url && /^(?:https?|mailto):$/.test(url.protocol) ? url.href : null;
}

/** Known properties with plain values: nothing that fetches, escapes or covers. */
const styleOf = (style: string): string =>
  style
    .slice(0, 2_000)
    .split(";")
    .map((one) => [
      one.slice(0, one.indexOf(":")).trim().toLowerCase(),
      one.slice(one.indexOf(":") + 1).trim(),
    ])
    .filter(
      ([key = "", value = ""]) =>
        properties.test(key) &&
        value.length < 200 &&
        /^[\w\s#%.,'"()-]+$/.test(value) &&
        !/url|expression|attr|image|env|var/i.test(value),
    )
    .map(([key, value]) => `${key}:${value}`)
    .join(";");

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The whole page of a frame, on white paper whatever the theme: its own policy lets nothing be fetched. */
export const framed = (html: string, title: string, locale: string): string =>
  `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">` +
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">` +
  `<meta name="referrer" content="no-referrer"><title>${escaped(title)}</title>` +
  `<style>:root{color-scheme:light}body{margin:1rem;font:16px/1.5 sans-serif;color:#111;background:#fff;overflow-wrap:anywhere}table{max-width:100%}</style>` +
  `</head><body>${html}</body></html>`;
