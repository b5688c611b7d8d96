import { analyzeSync, Liquid } from "liquidjs";

/** What a teacher may write between double braces, and what it stands for when nothing is known. */
export const contentVariables = [
  "contact.firstName",
  "contact.lastName",
  "contact.graduationYear",
  "organisation.name",
] as const;

/** The addresses each recipient receives for himself; they are the only variables allowed in a link. */
export const linkVariables = ["links.unsubscribe", "links.preferences", "links.online"] as const;

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
  readonly [group: string]: { readonly [name: string]: string | number | null | undefined } | undefined;
};

export type VariableFinding = {
  level: "error" | "warning";
  code:
    | "unknownVariable"
    | "badLiquid"
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

/** One `{{ … }}`; quoted strings may hold braces. Global: use with matchAll or replace only. */
export const outputPattern = /\{\{(?:[^"'{}]|"[^"]*"|'[^']*'|\{(?!\{)|\}(?!\}))*\}\}/g;

const openings = /\{\{|\{%/g;

/**
 * Findings about the personal variables of a text, in reading order; empty when all is well.
 * `missingFallback` is the only warning: without a `default`, the sentence has a hole for some people.
 */
export function checkVariables(text: string): VariableFinding[] {
  const outputs = new Map([...text.matchAll(outputPattern)].map((m) => [m.index, m[0]]));
  const findings: VariableFinding[] = [];
  let skipUntil = 0;
  for (const { index, 0: opening } of text.matchAll(openings)) {
    if (index < skipUntil) continue;
    const output = outputs.get(index);
    if (output) skipUntil = index + output.length;
    const found = output ? checkOutput(output) : unreadable(text, index, opening);
    findings.push(...found.map((f) => ({ ...f, ...place(text, index) })));
  }
  return findings;
}

/** Whether one `{{ … }}` is safe to keep in a template: readable, known variable, known filters. */
export function isAllowedOutput(output: string): boolean {
  return !checkOutput(output).some((f) => f.level === "error");
}

type Verdict = Pick<VariableFinding, "level" | "code" | "params">;

function unreadable(text: string, index: number, opening: string): Verdict[] {
  const excerpt = text.slice(index, index + 40);
  const code = opening === "{%" ? "tagNotAllowed" : "unclosed";
  return [{ level: "error", code, params: { excerpt } }];
}

function checkOutput(output: string): Verdict[] {
  if (/[“”„’‘«»]/.test(output.replace(/"[^"]*"|'[^']*'/g, ""))) {
    return [{ level: "error", code: "curlyQuotes", params: { excerpt: output } }];
  }
  try {
    const templates = liquid.parse(output);
    const names = variableNames(templates);
    const filters = filterNames(output);
    if (names.length === 0) throw new Error("no variable");
    return [
      ...names
        .filter((name) => !allowedVariables.includes(name))
        .map((variable) => error("unknownVariable", { variable })),
      ...filters
        .filter((name) => !allowedFilters.includes(name))
        .map((filter) => error("filterNotAllowed", { filter })),
      ...missingFallback(names, filters),
    ];
  } catch {
    return [error("badLiquid", { excerpt: output })];
  }
}

function error(code: VariableFinding["code"], params: Record<string, string>): Verdict {
  return { level: "error", code, params };
}

function variableNames(templates: ReturnType<Liquid["parse"]>): string[] {
  const { variables } = analyzeSync(templates);
  return Object.values(variables).flatMap((uses) => uses.map((use) => use.segments.join(".")));
}

function filterNames(output: string): string[] {
  const unquoted = output.replace(/"[^"]*"|'[^']*'/g, '""');
  return [...unquoted.matchAll(/\|\s*([\w-]+)/g)].map((m) => m[1] ?? "");
}

function missingFallback(names: string[], filters: string[]): Verdict[] {
  const variable = names.find((name) => !name.startsWith("links."));
  if (!variable || filters.includes("default")) return [];
  return [{ level: "warning", code: "missingFallback", params: { variable } }];
}

function place(text: string, position: number) {
  const before = text.slice(0, position).split("\n");
  return { position, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
