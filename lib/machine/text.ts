/** The one door by which text enters, from files, forms and machines alike, and the one form in which texts are compared. */

/** Letters are joined or parted by U+200C and U+200D in these scripts: there the two are seen, and kept. */
const joining =
  "\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Nko}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}\\u064b-\\u065f";

/**
 * What is invisible and said to be ignorable by Unicode, except where it shapes what is seen: joiners inside those
 * scripts and inside emoji, variation selectors after a pictograph, a keycap's digit or a letter without case, and
 * the letters of a flag's region.
 */
const unseen = new RegExp(
  [
    `(?<![${joining}])\\u200c`,
    `(?<![${joining}])(?:(?<!\\p{Extended_Pictographic}|\\p{Emoji_Modifier}|[\\ufe0f\\u{e0020}-\\u{e007f}])\\u200d|\\u200d(?!\\p{Extended_Pictographic}))`,
    "(?<!\\p{Extended_Pictographic}|\\p{Lo})(?!\\ufe0f\\u20e3)[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]",
    "(?<!\\u{1f3f4}|[\\u{e0020}-\\u{e007e}])[\\u{e0020}-\\u{e007f}]",
    "(?<!\\p{Script=Mongolian})[\\u180b-\\u180d\\u180f]",
    "(?![\\u200c\\u200d\\ufe00-\\ufe0f\\u180b-\\u180d\\u180f\\u{e0020}-\\u{e007f}\\u{e0100}-\\u{e01ef}])\\p{Default_Ignorable_Code_Point}",
    "[\\0\\ufff9-\\ufffb\\p{Noncharacter_Code_Point}\\p{Cs}]",
  ].join("|"),
  "gu",
);

/** U+0080 to U+009F as HTML reads them, in Windows-1252; a dot where that charset has nothing. */
const windows = "€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ";

/** HTML's names of U+00A0 to U+00FF, in order, then the others that occur in French. */
const latin =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
const named = new Map([
  ...latin.split(" ").map((name, at): [string, string] => [name, String.fromCodePoint(0xa0 + at)]),
  ...Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    OElig: "Œ",
    oelig: "œ",
    Scaron: "Š",
    scaron: "š",
    Zcaron: "Ž",
    zcaron: "ž",
    Yuml: "Ÿ",
    ensp: "\u2002",
    emsp: "\u2003",
    thinsp: "\u2009",
    zwnj: "\u200c",
    zwj: "\u200d",
    lrm: "\u200e",
    rlm: "\u200f",
    ndash: "–",
    mdash: "—",
    lsquo: "‘",
    rsquo: "’",
    sbquo: "‚",
    ldquo: "“",
    rdquo: "”",
    bdquo: "„",
    bull: "•",
    hellip: "…",
    lsaquo: "‹",
    rsaquo: "›",
    euro: "€",
    trade: "™",
    commat: "@",
    hyphen: "‐",
  }),
]);

const reference = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,7}));/g;

/** References that a site escaped once too often (`&amp;eacute;`), read as HTML reads them; unknown ones stay as they are. */
function unescaped(text: string): string {
  let read = text;
  for (let time = 0; time < 3 && read.includes("&"); time++) {
    const once = read.replace(reference, (whole, decimal, hex, name) =>
      name ? (named.get(name) ?? whole) : character(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
    );
    if (once === read) break;
    read = once;
  }
  return read;
}

const character = (code: number) => (code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code));

/** Everything but plain printable ASCII, or an ampersand: what needs looking at. Most texts of a file do not. */
const suspect = /[^\x20-\x7e]|&/;

const seen = (text: string): string =>
  text
    .replace(/[\u0080-\u009f]/g, (control) => windows[control.charCodeAt(0) - 0x80]?.replace(".", "") ?? "")
    .replace(unseen, "")
    .normalize("NFC");

/**
 * One line as it is kept: composed accents, single spaces, nothing that cannot be seen, no control character, and no
 * reference of HTML left over. A text of nothing visible is empty.
 */
export function tidy(text: string): string {
  if (!suspect.test(text)) return text.replace(/ {2,}/g, " ").trim();
  const line = seen(unescaped(text))
    .replace(/[\s\p{Cc}\u2800]+/gu, " ")
    .trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(line) ? line : "";
}

/** Several lines as they are kept: like `tidy`, but line ends, spaces and what looks like a reference are the writer's. */
export const tidyLines = (text: string): string =>
  seen(text.replace(/\r\n?/g, "\n"))
    .replace(/[^\S\n\t\u00a0\u2000-\u200a\u202f\u3000]|[^\P{Cc}\n\t]/gu, " ")
    .trim();

const beyondAscii = /[\u0080-\uffff]/;

/** Full-width letters, typographic apostrophes and hyphens as a keyboard types them: what rules on words look at. */
export const plainCharacters = (text: string): string =>
  beyondAscii.test(text)
    ? text
        .normalize("NFKC")
        .replace(/[’‘‛ʼʻ′]/g, "'")
        .replace(/[‐‑‒–−]/g, "-")
        .replace(unseen, "")
    : text.replaceAll("\0", "");

const spaces = "-‐‑‒–—―−⁃'’‘‛ʼʻʹ′ˈ`\t\n\v\f\r\u0085\u1680\u2028\u2029";
const letters: Record<string, string> = {
  œ: "oe",
  æ: "ae",
  ß: "ss",
  þ: "th",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  ħ: "h",
  ı: "i",
  ŋ: "n",
  ς: "σ",
};
const parting = new RegExp(`[${spaces}]`, "g");
const partingLine = new RegExp(`[${spaces.replace("\n", "")}]`, "g");
const dropped = /[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/**
 * The form in which names, places and words are compared: small letters without accents or invisible characters,
 * hyphens and apostrophes as spaces, full-width characters as ordinary ones. The same as SQL's `fold` (migration
 * 0034), letter for letter: a pattern is escaped after it, never before.
 */
export const fold = (text: string): string =>
  bare(text).replace(parting, " ").replace(/ {2,}/g, " ").replace(/^ | $/g, "");

/** Each line folded, the lines kept. */
export const foldLines = (text: string): string =>
  bare(text).replace(partingLine, " ").replace(/ {2,}/g, " ").replace(/^ | $/gm, "");

/** Most texts are ASCII, and need nothing but small letters. */
const bare = (text: string): string =>
  beyondAscii.test(text)
    ? text
        .normalize("NFKD")
        .toLowerCase()
        .replace(/[œæßþøłđðħıŋς]/g, (letter) => letters[letter] ?? letter)
        .replace(dropped, "")
    : text.toLowerCase();
