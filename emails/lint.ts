import { Parser } from "htmlparser2";
import { type Feature, features } from "./caniemail.ts";
import { contrast } from "./colour.ts";
import type { Finding } from "./finding.ts";

/** Gmail cuts at about 102 KB, and with the end of the mail goes the unsubscribe link. */
const weight = { warning: 80_000, error: 90_000 };
/** Gmail drops a style sheet past this. */
const styleLimit = 16_384;

type Frame = { tag: string; background: string; ink: string; size: number; bold: boolean; hidden: boolean };

type Reading = {
  findings: Finding[];
  stack: Frame[];
  h1: number;
  links: { href: string; label: string }[];
  openLink: { href: string; label: string } | null;
  title: string;
  lang: string;
  styles: string;
  tables: number;
};

/**
 * Faults of a compiled mail, the same fault told once; Liquid slots may still be in it. Static only: what a client
 * really draws is seen with the variants of variants.ts.
 */
export function lintEmail(html: string): Finding[] {
  const reading = read(html);
  const found = [...reading.findings, ...wholeMail(html, reading), ...linkFindings(reading.links)];
  const told = new Map(found.map((f) => [f.code + JSON.stringify(f.params), f]));
  return [...told.values()];
}

function read(html: string): Reading {
  const root = { tag: "", background: "#ffffff", ink: "#000000", size: 16, bold: false, hidden: false };
  const reading: Reading = {
    findings: [],
    stack: [root],
    h1: 0,
    links: [],
    openLink: null,
    title: "",
    lang: "",
    styles: "",
    tables: 0,
  };
  const parser = new Parser({
    onopentag: (tag, attributes) => enter(reading, tag, attributes),
    ontext: (text) => meetText(reading, text),
    onclosetag: (tag) => leave(reading, tag),
  });
  parser.end(html);
  report(reading, "sheet", [reading.styles]);
  report(reading, "declaration", declarationsInSheet(reading.styles));
  return reading;
}

function enter(reading: Reading, tag: string, attributes: Record<string, string>): void {
  const declarations = declarationsOf(attributes.style ?? "");
  const above = reading.stack.at(-1);
  if (above) reading.stack.push(frame(above, tag, attributes, new Map(declarations)));
  const lines = declarations.map(([property, value]) => `${property}: ${value}`);
  report(reading, "declaration", lines);
  report(reading, "element", [tag]);
  if (tag === "html") reading.lang = attributes.lang ?? "";
  if (tag === "h1") reading.h1++;
  if (tag === "img") meetImage(reading, attributes);
  if (tag === "a") reading.openLink = { href: attributes.href ?? "", label: "" };
  if (tag === "table" && reading.stack.filter((f) => f.tag === "table").length > 3) reading.tables++;
}

function frame(
  above: Frame,
  tag: string,
  attributes: Record<string, string>,
  css: Map<string, string>,
): Frame {
  const background = colourIn(css.get("background-color") ?? css.get("background") ?? attributes.bgcolor);
  const size = /^([\d.]+)px$/.exec(css.get("font-size") ?? "")?.[1];
  const weight = css.get("font-weight");
  return {
    tag,
    background: background ?? above.background,
    ink: colourIn(css.get("color")) ?? above.ink,
    size: size === undefined ? above.size : Number(size),
    bold: weight ? /^(bold|[6-9]00)$/.test(weight) : above.bold || /^(strong|b|th|h[1-6])$/.test(tag),
    hidden: above.hidden || css.get("display") === "none" || /^(head|title|style|script)$/.test(tag),
  };
}

function leave(reading: Reading, tag: string): void {
  if (tag === "a" && reading.openLink) {
    reading.links.push(reading.openLink);
    reading.openLink = null;
  }
  if (reading.stack.length > 1) reading.stack.pop();
}

function meetText(reading: Reading, text: string): void {
  const at = reading.stack.at(-1);
  if (!at) return;
  if (at.tag === "title") reading.title += text;
  if (at.tag === "style") reading.styles += text;
  if (reading.openLink) reading.openLink.label += text;
  if (at.hidden || text.trim() === "") return;
  const ratio = contrast(at.ink, at.background);
  const large = at.size >= 24 || (at.bold && at.size >= 19);
  if (ratio < (large ? 3 : 4.5)) {
    const params = { ink: at.ink, background: at.background, ratio: Math.round(ratio * 100) / 100 };
    reading.findings.push({ level: "error", code: "contrast", params });
  }
  if (at.size < 14) reading.findings.push({ level: "warning", code: "smallText", params: { size: at.size } });
}

function meetImage(reading: Reading, attributes: Record<string, string>): void {
  const src = attributes.src ?? "";
  // The alternative of a blocked picture is text like any other; an empty one says "decorative".
  if (attributes.alt === undefined)
    reading.findings.push({ level: "error", code: "imageAlt", params: { src } });
  if (!/^\d+%?$/.test(attributes.width ?? "")) {
    reading.findings.push({ level: "error", code: "imageWidth", params: { src } });
  }
  if (src === "") reading.findings.push({ level: "error", code: "imageSource", params: {} });
  if (/^http:/i.test(src))
    reading.findings.push({ level: "warning", code: "insecureImage", params: { src } });
  report(reading, "image", [src]);
  if (reading.openLink) reading.openLink.label += attributes.alt ?? "";
}

function report(reading: Reading, on: Feature["on"], subjects: string[]): void {
  for (const feature of features) {
    if (feature.on !== on || !subjects.some((subject) => feature.pattern.test(subject))) continue;
    const params = { feature: feature.slug, without: feature.without.join(", ") };
    reading.findings.push({ level: feature.level, code: "unsupported", params });
  }
}

function wholeMail(html: string, reading: Reading): Finding[] {
  const bytes = bytesOf(html);
  const style = bytesOf(reading.styles);
  const has = (there: boolean, code: string, params: Finding["params"] = {}): Finding[] =>
    there ? [{ level: "error", code, params }] : [];
  return [
    ...has(bytes > weight.error, "tooHeavy", { bytes }),
    ...(bytes > weight.warning && bytes <= weight.error
      ? [{ level: "warning" as const, code: "heavy", params: { bytes } }]
      : []),
    ...has(style > styleLimit, "styleTooHeavy", { bytes: style }),
    ...has(reading.lang === "" || reading.lang === "und", "langMissing"),
    ...has(reading.title.trim() === "", "titleMissing"),
    ...has(reading.h1 !== 1, "oneH1", { count: reading.h1 }),
    ...has(reading.tables > 0, "nestedTables"),
    ...has(!reading.links.some((link) => isUnsubscribe(link)), "unsubscribeMissing"),
  ];
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function linkFindings(links: Reading["links"]): Finding[] {
  return links.flatMap(({ href, label }): Finding[] => {
    const text = label.replace(/\s+/g, " ").trim();
    if (href.trim() === "" || href === "#") return [{ level: "error", code: "emptyLink", params: { text } }];
    if (text === "") return [{ level: "error", code: "namelessLink", params: { href } }];
    if (/^http:/i.test(href)) return [{ level: "warning", code: "insecureLink", params: { href } }];
    return [];
  });
}

function isUnsubscribe({ href, label }: { href: string; label: string }): boolean {
  return /links\.unsubscribe/.test(href) || /d[ée]sabonn|d[ée]sinscri|unsubscribe/i.test(href + label);
}

function declarationsOf(style: string): [string, string][] {
  return style
    .split(";")
    .map((declaration): [string, string] => {
      const colon = declaration.indexOf(":");
      return [declaration.slice(0, colon).trim().toLowerCase(), declaration.slice(colon + 1).trim()];
    })
    .filter(([property, value]) => property !== "" && value !== "");
}

function declarationsInSheet(css: string): string[] {
  const bodies = [...css.matchAll(/\{([^{}]*)\}/g)].map((m) => m[1] ?? "");
  return bodies.flatMap((body) => declarationsOf(body).map(([property, value]) => `${property}: ${value}`));
}

function colourIn(value: string | undefined): string | undefined {
  const hex = /#([0-9a-f]{6}|[0-9a-f]{3})\b/i.exec(value ?? "")?.[1];
  if (hex === undefined) return undefined;
  return `#${hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex}`;
}
