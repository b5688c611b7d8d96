/** A letter to several, each their own, says to each what is theirs: the literal Liquid of newsletters, and no more. */
import { splice, splitSlots } from "#emails/personalise";
import { isAllowedOutput, linkVariables, type Variables } from "#emails/variables";
import { personSql } from "#lib/letters/campaigns/audience";
import { textOf } from "#lib/letters/drafts/rich";
import type { Runner } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

type Words = { subject: string; html: string };

/** One output of Liquid, as an editor leaves it in HTML: its quotes may be entities. */
const output = /\{\{[^{}]{0,500}\}\}/g;
/** Braces that name something of ours; whoever teaches templates writes of others. */
const ours = /\{\{-?\s*(?:contact|organisation|links)\b/;

const entities: Record<string, string> = {
  "&quot;": '"',
  "&#34;": '"',
  "&#39;": "'",
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&nbsp;": " ",
};
const unescaped = (text: string) =>
  text.replace(/&(?:quot|#34|#39|lt|gt|amp|nbsp);|\u00a0/g, (found) => entities[found] ?? " ");

const isVariable = (source: string) =>
  isAllowedOutput(source) && !linkVariables.some((name) => source.includes(name));

/** Each variable of a text replaced; all else stays as it is, other braces too. */
const replaced = (text: string, to: (source: string) => string): string =>
  text.replace(output, (found) => {
    const source = unescaped(found);
    return isVariable(source) ? to(source) : found;
  });

/** The words as this person would read them; without somebody, as the fallbacks say. Nothing is said to be missing. */
export const fillReply = (html: string, variables: Variables): string =>
  replaced(html, (source) => splice(splitSlots(source, "html"), variables));

export const usesVariables = ({ subject, html }: Words): boolean =>
  [subject, html].some((text) => replaced(text, () => "") !== text);

/** Whether it has a variable that would arrive as it stands: unknown, unclosed, cut by a change of type. */
export const hasFault = ({ subject, html }: Words): boolean =>
  ours.test(replaced(subject, () => "")) || ours.test(textOf(replaced(html, () => "")));

/** The words for one person. `missingValue`: of theirs one is not known, and nothing is said instead. */
export function mergeFor<T extends Words>(
  letter: T,
  variables: Variables,
): Result<{ words: T }, "missingValue"> {
  const missing: string[] = [];
  const said = (format: "html" | "header") => (source: string) => {
    const value = splice(splitSlots(source, format), variables);
    if (value.trim() === "" && !/\|\s*default\b/.test(source)) missing.push(source);
    return value;
  };
  const words = {
    ...letter,
    subject: replaced(letter.subject, said("header")),
    html: replaced(letter.html, said("html")),
  };
  const [first] = missing;
  return first === undefined ? { ...ok, words } : refused("missingValue", { variable: first });
}

/** What is known of these contacts, by id. */
export async function variablesOf(client: Runner, contactIds: number[]): Promise<Map<number, Variables>> {
  const { rows } = await client.query<{ id: number; variables: Variables }>({
    text: `select c.id, ${personSql} as variables from contacts c where c.id = any($1::int[])`,
    values: [contactIds],
  });
  return new Map(rows.map(({ id, variables }) => [id, variables]));
}
