/** Which folders of an account are what, as the server lists them. */
import type { ListResponse } from "imapflow";

/** `junk`: the account's own folder of unwanted mail; `named`: those set by hand. */
export type Chosen = { junk: boolean; named: string[] };

/** `missing`: named by hand, and not there or not to be read. */
export type Others = { paths: string[]; missing: string[] };

/** As Gmail, Exchange, Dovecot, Orange, Zimbra and French programs name it; case and accents aside. */
const junkNames =
  /^(?:junk(?: (?:e-?mail|mail))?|spams?|bulk mail|indesirables?|(?:courriers?|messages?|e-?mails) indesirables?|pourriels?)$/;

/** All mail again, what we sent, and what is not sent yet: nothing comes back there. */
const never = new Set(["\\All", "\\Sent", "\\Drafts"]);

/** What is to be read besides the main folder, each once. */
export function chooseFolders(
  listed: ListResponse[],
  { junk, named: names, main }: Chosen & { main: string },
): Others {
  const folders = selectable(listed);
  const own = named(folders, main)?.path ?? main;
  const found = names.map((name) => ({ name, folder: named(folders, name) }));
  const usable = found.flatMap(({ folder }) =>
    folder && !never.has(folder.specialUse ?? "") ? [folder] : [],
  );
  const unwanted = junk ? used(folders, "\\Junk", junkNames) : undefined;
  const paths = new Set([...usable, ...(unwanted ? [unwanted] : [])].map(({ path }) => path));
  paths.delete(own);
  return {
    paths: [...paths],
    missing: found.flatMap(({ name, folder }) => (folder && usable.includes(folder) ? [] : [name])),
  };
}

export const selectable = (listed: ListResponse[]): ListResponse[] =>
  listed.filter(({ flags }) => !flags.has("\\Noselect") && !flags.has("\\NonExistent"));

/** By its whole path first, then as somebody writes it: its last part, case and accents aside. */
export const named = (folders: ListResponse[], name: string): ListResponse | undefined =>
  folders.find(({ path }) => path === name) ??
  folders.find(({ path, name: last }) => folded(path) === folded(name) || folded(last) === folded(name));

/** By its attribute (RFC 6154), else by a name everybody knows. */
export function used(folders: ListResponse[], attribute: string, names: RegExp): ListResponse | undefined {
  const marked = folders.filter(({ specialUse }) => specialUse === attribute);
  return (
    marked.find(({ specialUseSource }) => specialUseSource === "extension") ??
    marked[0] ??
    folders.find(({ name }) => names.test(folded(name)))
  );
}

const folded = (name: string) =>
  name
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
