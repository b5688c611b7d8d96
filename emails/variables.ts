import { Liquid } from "liquidjs";

/** What a teacher may write between double braces, and what it stands for when nothing is known. */
export const contentVariables = [
  "contact.firstName",
  "contact.lastName",
  "contact.graduationYear",
  "organisation.name",
] as const;

/** The addresses each recipient receives for himself; they are the only variables allowed in a link. */
export const linkVariables = [
  "links.unsubscribe",
  "links.preferences",
  "links.online",
  "links.pledge",
] as const;

export const allowedVariables: readonly string[] = [...contentVariables, ...linkVariables];

/** `raw` is left out on purpose: it would switch HTML escaping off. */
export const allowedFilters: readonly string[] = [
  "default",
  "capitalize",
  "upcase",
  "downcase",
  "strip",
  "truncate",
];

/** Groups of named values; a missing group or name renders as nothing, or as its `default`. */
export type Variables = {
  readonly [group: string]:
    | { readonly [name: string]: string | number | boolean | null | undefined }
    | undefined;
};

export type VariableFinding = {
  level: "error" | "warning";
  code:
    | "unknownVariable"
    | "badLiquid"
    | "literalOnly"
    | "curlyQuotes"
    | "unclosed"
    | "tagNotAllowed"
    | "filterNotAllowed"
    | "missingFallback";
  params: Record<string, string>;
  /** Offset in the checked text, from 0; line and column from 1. */
  position: number;
  line: number;
  column: number;
};

const liquid = new Liquid();

/** An output longer than this is no personalisation; looking no further keeps the reading linear. */
const longest = 500;
/** Findings told of one text: who mends twenty sees the others. */
const mostFindings = 20;

/** The `{{ … }}` of a text with their places; quoted strings may hold braces. */
export function outputsOf(text: string): { start: number; output: string }[] {
  const outputs: { start: number; output: string }[] = [];
  for (let start = text.indexOf("{{"); start >= 0; ) {
    const end = endOfOutput(text, start + 2);
    if (end > 0) outputs.push({ start, output: text.slice(start, end) });
    start = text.indexOf("{{", end > 0 ? end : start + 1);
  }
  return outputs;
}

/** Where the output whose inside begins at `from` ends; 0 when it is not closed, or another opens before. */
function endOfOutput(text: string, from: number): number {
  const last = Math.min(text.length, from + longest);
  for (let at = from; at < last; at++) {
    const character = text[at];
    if (character === '"' || character === "'") {
      at = text.indexOf(character, at + 1);
      if (at < 0 || at >= last) return 0;
    } else if (text.startsWith("{{", at)) return 0;
    else if (text.startsWith("}}", at)) return at + 2;
  }
  return 0;
}

const openings = /\{\{|\{%/g;

/**
 * Findings about the personal variables of a text, in reading order, the first twenty; empty when all is well.
 * `missingFallback` is the only warning: without a `default`, the sentence has a hole for some people.
 */
export function checkVariables(text: string): VariableFinding[] {
  const outputs = new Map(outputsOf(text).map(({ start, output }) => [start, output]));
  const findings: VariableFinding[] = [];
  let skipUntil = 0;
  for (const { index, 0: opening } of text.matchAll(openings)) {
    if (findings.length >= mostFindings) break;
    if (index < skipUntil) continue;
    const output = outputs.get(index);
    if (output) skipUntil = index + output.length;
    const found = output ? checkOutput(output) : unreadable(text, index, opening);
    findings.push(...found.map((f) => ({ ...f, ...place(text, index) })));
  }
  return findings;
}

/** Whether one `{{ … }}` is safe to keep in a template: readable, known variable, known filters, literal arguments. */
export function isAllowedOutput(output: string): boolean {
  return !checkOutput(output).some((f) => f.level === "error");
}

type Verdict = Pick<VariableFinding, "level" | "code" | "params">;

function unreadable(text: string, index: number, opening: string): Verdict[] {
  const excerpt = text.slice(index, index + 40);
  const code = opening === "{%" ? "tagNotAllowed" : "unclosed";
  return [{ level: "error", code, params: { excerpt } }];
}

// A range as an argument is a list made in memory: (1..30000000) took 225 s and 457 MB. Nothing but literals is read.
const argument = /(?:"[^"\\]*"|'[^'\\]*'|-?\d{1,6})/.source;
const filter = `\\|\\s*\\w+\\s*(?::\\s*${argument}\\s*(?:,\\s*${argument}\\s*)*)?`;
const readable = new RegExp(`^\\{\\{-?\\s*([A-Za-z]\\w*(?:\\.\\w+)+)\\s*(?:${filter})*-?\\}\\}$`);

function checkOutput(output: string): Verdict[] {
  const unquoted = output.replace(/"[^"]*"|'[^']*'/g, '""');
  if (/[“”„’‘«»]/.test(unquoted)) return [error("curlyQuotes", { excerpt: output })];
  const variable = readable.exec(output)?.[1];
  if (variable === undefined || !isLiquid(output)) {
    const code = /\|\s*\w+\s*:\s*[^\s"|}]/.test(unquoted) ? "literalOnly" : "badLiquid";
    return [error(code, { excerpt: output })];
  }
  const filters = [...unquoted.matchAll(/\|\s*(\w+)/g)].map((m) => m[1] ?? "");
  return [
    ...(allowedVariables.includes(variable) ? [] : [error("unknownVariable", { variable })]),
    ...filters
      .filter((name) => !allowedFilters.includes(name))
      .map((name) => error("filterNotAllowed", { filter: name })),
    ...missingFallback(variable, filters),
  ];
}

function isLiquid(output: string): boolean {
  try {
    return liquid.parse(output).length === 1;
  } catch {
    return false;
  }
}

function error(code: VariableFinding["code"], params: Record<string, string>): Verdict {
  return { level: "error", code, params };
}

function missingFallback(variable: string, filters: string[]): Verdict[] {
  if (variable.startsWith("links.") || filters.includes("default")) return [];
  return [{ level: "warning", code: "missingFallback", params: { variable } }];
}

function place(text: string, position: number) {
  const before = text.slice(0, position).split("\n");
  return { position, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
