/** What people type to find somebody, in the terms the book is searched by. */
import { literal, type Values } from "#lib/machine/keyset";
import { fold, plainCharacters, tidy } from "#lib/machine/text";

/** Each of `names` must be in a name, or each of `parts` in an address; a list without terms finds nobody. */
export type Terms = { names: string[]; parts: string[] };

/**
 * The terms of a text, null for an empty one. « Nom, Prénom » is two names; « Jean <a@b> », `mailto:a@b` and an
 * address among other words are that address, its domain in ASCII; a hyphen parts words as a space does.
 */
export function searchTerms(text: string): Terms | null {
  const typed = plainCharacters(tidy(text)).slice(0, 200).toLowerCase();
  if (!typed) return null;
  const tokens = typed
    .replace(/[,;<>"()]|\bmailto:/g, " ")
    .split(" ")
    .filter(Boolean)
    .slice(0, 6);
  const address = tokens.find((token) => token.includes("@"));
  if (address) return { names: [], parts: [inAscii(address)] };
  return {
    names: tokens
      .flatMap((token) => fold(token).split(" "))
      .filter(Boolean)
      .slice(0, 6),
    parts: tokens.map(inAscii),
  };
}

/** « contact@éducation.example » as it is stored; anything without a domain stays as it is. */
function inAscii(token: string): string {
  const at = token.lastIndexOf("@") + 1;
  const domain = token.slice(at);
  if (!/[^\x20-\x7e]/.test(domain) || !domain.includes(".")) return token;
  return token.slice(0, at) + (URL.parse(`http://${domain}`)?.hostname ?? domain);
}

/** Every name in `column`, a folded text: three letters make a trigram; one or two are looked for where a word begins. */
export const named = ({ names }: Terms, values: Values, column: string): string =>
  names.length === 0 ? "false" : names.map((name) => within(name, values, column)).join(" and ");

function within(name: string, values: Values, column: string): string {
  const pattern = literal(name);
  if (name.length >= 3) return `${column} like ${values.add(`%${pattern}%`)}`;
  return `(${column} like ${values.add(`${pattern}%`)} or ${column} like ${values.add(`% ${pattern}%`)})`;
}

/** Every part in `column`, an address; one of three characters at least, which the index needs. */
export const addressed = ({ parts }: Terms, values: Values, column: string): string =>
  parts.some((part) => part.length >= 3)
    ? parts.map((part) => `${column} like ${values.add(`%${literal(part)}%`)}`).join(" and ")
    : "false";

/** The pattern of names that begin with what was typed: they come first. */
export const beginning = ({ names }: Terms): string => `${literal(names.join(" "))}%`;
