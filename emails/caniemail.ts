/**
 * The few features of caniemail.com (MIT licence, data of commit 6b086a3, June 2026) that decide whether our mails
 * hold, with the clients among our readers' that ignore or break each one. `testedOn` is caniemail's own date.
 */
export type Feature = {
  slug: string;
  /** What `pattern` is tried on: one `property: value`, a whole style sheet, a tag name, a picture address. */
  on: "declaration" | "sheet" | "element" | "image";
  pattern: RegExp;
  level: "error" | "warning";
  without: readonly string[];
  testedOn: string;
};

function feature(
  slug: string,
  on: Feature["on"],
  pattern: RegExp,
  level: Feature["level"],
  testedOn: string,
  without: string,
): Feature {
  return { slug, on, pattern, level, testedOn, without: without.split(", ") };
}

const outlook = "Outlook Windows";
const some = `${outlook}, Orange`;
const gmail = "Gmail, Gmail Android";
const most = `${gmail}, ${outlook}, Outlook.com, Yahoo`;

export const features: readonly Feature[] = [
  feature("css-rgba", "declaration", /\brgba\(/i, "error", "2021-05-14", some),
  feature(
    "css-modern-color",
    "declaration",
    /\b(?:lab|lch|oklab|oklch|color|hwb)\(/i,
    "error",
    "2023-01-18",
    `${most}, Thunderbird`,
  ),
  feature("css-display-flex", "declaration", /^display:\s*(?:inline-)?flex/i, "error", "2021-11-02", some),
  feature("css-display-grid", "declaration", /^display:\s*(?:inline-)?grid/i, "error", "2019-02-28", some),
  feature(
    "css-position",
    "declaration",
    /^position:\s*(?!static)/i,
    "error",
    "2021-05-16",
    `${gmail}, Outlook Windows`,
  ),
  feature("css-float", "declaration", /^float:\s*(?!none)/i, "error", "2024-05-08", outlook),
  feature(
    "css-background-image",
    "declaration",
    /^background(?:-image)?:.*\burl\(/i,
    "warning",
    "2023-07-24",
    "Outlook Windows, Free",
  ),
  feature(
    "css-linear-gradient",
    "declaration",
    /\b(?:linear|radial)-gradient\(/i,
    "warning",
    "2021-12-29",
    "Outlook Windows, Outlook.com, Yahoo, Orange",
  ),
  feature("css-variables", "declaration", /^--|\bvar\(/i, "error", "2020-02-25", `${most}, Orange`),
  feature(
    "css-unit-calc",
    "declaration",
    /\bcalc\(/i,
    "error",
    "2020-02-25",
    "Outlook Windows, Outlook.com, Yahoo, Orange",
  ),
  feature(
    "css-function-clamp",
    "declaration",
    /\b(?:clamp|min|max)\(/i,
    "error",
    "2021-05-07",
    "Outlook Windows, Outlook.com, Yahoo, Orange",
  ),
  feature(
    "css-unit-rem",
    "declaration",
    /\d(?:rem|vw|vh)\b/i,
    "error",
    "2020-02-25",
    "Outlook Windows, Yahoo, Orange",
  ),
  feature("css-transform", "declaration", /^transform:/i, "error", "2019-02-28", `${most}, Orange`),
  feature(
    "css-animation",
    "declaration",
    /^animation/i,
    "warning",
    "2026-04-07",
    `${most}, Orange, Thunderbird`,
  ),
  feature(
    "css-transition",
    "declaration",
    /^transition/i,
    "warning",
    "2024-03-29",
    `${gmail}, Outlook Windows, Outlook.com, Orange`,
  ),
  feature(
    "css-box-shadow",
    "declaration",
    /^box-shadow:/i,
    "warning",
    "2023-12-20",
    "Gmail, Outlook Windows, Yahoo, Orange",
  ),
  feature(
    "css-text-shadow",
    "declaration",
    /^text-shadow:/i,
    "warning",
    "2019-02-28",
    `${gmail}, Outlook Windows, Outlook.com`,
  ),
  feature(
    "css-object-fit",
    "declaration",
    /^object-fit:/i,
    "warning",
    "2021-07-15",
    "Outlook Windows, Yahoo, Orange",
  ),
  feature(
    "css-gap",
    "declaration",
    /^(?:row-|column-)?gap:/i,
    "error",
    "2022-12-28",
    "Outlook Windows, Yahoo, Orange",
  ),
  feature(
    "css-aspect-ratio",
    "declaration",
    /^aspect-ratio:/i,
    "warning",
    "2023-12-19",
    `${most}, Orange, Thunderbird`,
  ),
  feature("css-clip-path", "declaration", /^(?:clip-path|mask)/i, "warning", "2021-03-09", `${most}, Orange`),
  feature("css-filter", "declaration", /^filter:/i, "warning", "2024-01-03", `${most}, Orange`),
  feature(
    "css-column-count",
    "declaration",
    /^(?:column-count|columns):/i,
    "error",
    "2019-02-28",
    "Outlook Windows, Yahoo",
  ),
  feature(
    "css-at-font-face",
    "sheet",
    /@font-face/i,
    "warning",
    "2023-12-19",
    `${gmail}, Outlook.com, Yahoo, Orange, La Poste, SFR`,
  ),
  feature(
    "css-at-import",
    "sheet",
    /@import/i,
    "error",
    "2019-02-28",
    `${gmail}, Outlook.com, Yahoo, Orange, La Poste, SFR, Thunderbird`,
  ),
  feature(
    "css-pseudo-class-checked",
    "sheet",
    /:checked/i,
    "error",
    "2020-03-10",
    `${gmail}, Outlook Windows, Orange, La Poste, SFR`,
  ),
  feature(
    "html-form",
    "element",
    /^(?:form|input|select|textarea)$/i,
    "error",
    "2019-09-10",
    "Outlook Windows, Orange, La Poste, SFR",
  ),
  feature("html-video", "element", /^video$/i, "error", "2019-09-16", `${most}, Orange, La Poste`),
  feature("html-audio", "element", /^audio$/i, "error", "2020-04-21", `${most}, Orange, La Poste`),
  feature("html-svg", "element", /^svg$/i, "error", "2020-02-06", most),
  feature("html-picture", "element", /^picture$/i, "warning", "2024-04-15", `${most}, Orange`),
  feature(
    "html-object",
    "element",
    /^(?:object|embed|iframe)$/i,
    "error",
    "2021-02-20",
    `${most}, Orange, La Poste, SFR`,
  ),
  feature(
    "html-link",
    "element",
    /^link$/i,
    "warning",
    "2023-12-21",
    `${gmail}, Outlook.com, Yahoo, Orange, La Poste, SFR, Thunderbird`,
  ),
  feature("html-base", "element", /^base$/i, "error", "2021-12-01", "Orange, La Poste, SFR"),
  feature("image-svg", "image", /\.svg(?:[?#]|$)|^data:image\/svg/i, "error", "2023-01-15", "Gmail"),
  feature("image-base64", "image", /^data:/i, "error", "2020-02-06", `${gmail}, La Poste, SFR`),
  feature("image-webp", "image", /\.webp(?:[?#]|$)/i, "warning", "2021-02-06", outlook),
  feature("image-avif", "image", /\.avif(?:[?#]|$)/i, "warning", "2023-01-14", outlook),
];
