/** Saved replies speak to whoever the letter is to, in the literal Liquid of newsletters. Pure. */
import { splice, splitSlots } from "#emails/personalise";
import { checkVariables, linkVariables, type Variables } from "#emails/variables";

/** One output of Liquid, as an editor leaves it in HTML: its quotes may be entities. */
const output = /\{\{[^{}]{0,500}\}\}/g;

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

/** The first of what is wrong in its variables, by the catalog of newsletters; null when nothing is. `text`: its words. */
export function faultOf(text: string): { code: string; params: Record<string, string> } | null {
  const found = checkVariables(text).find(({ level }) => level === "error");
  if (found) return { code: found.code, params: found.params };
  const link = linkVariables.find((name) => text.includes(name));
  return link ? { code: "unknownVariable", params: { name: link } } : null;
}

/** The words as this person would read them; without somebody, as the fallbacks say. What is no Liquid stays as it is. */
export const fillReply = (html: string, variables: Variables): string =>
  html.replace(output, (found) => {
    try {
      return splice(splitSlots(unescaped(found), "html"), variables);
    } catch {
      return found;
    }
  });
