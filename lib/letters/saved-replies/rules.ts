/** Saved replies speak to whoever the letter is to, in the literal Liquid of newsletters. Pure. */
import { checkVariables, linkVariables } from "#emails/variables";

/** The first of what is wrong in its variables, by the catalog of newsletters; null when nothing is. `text`: its words. */
export function faultOf(text: string): { code: string; params: Record<string, string> } | null {
  const found = checkVariables(text).find(({ level }) => level === "error");
  if (found) return { code: found.code, params: found.params };
  const link = linkVariables.find((name) => text.includes(name));
  return link ? { code: "unknownVariable", params: { name: link } } : null;
}
