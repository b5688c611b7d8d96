/** The PHP file that a webmaster puts on the remote site: readable as it is, with the settings of one source written in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mapping } from "#lib/sites/script/schema";

const template = () =>
  readFileSync(join(/* turbopackIgnore: true */ process.cwd(), "lib/sites/script/contacts.php"), "utf8");

const settings = /(\n\$reglages = \[\n)[\s\S]*?(\n\];\n)/;

/** The script of one source, with a secret that nobody is shown again. The account of the database is for the webmaster to write. */
export function writeScript(
  key: string,
  secret: string,
  { table, key: id, columns, clear }: Mapping,
): string {
  const list = Object.entries(columns).filter(([, column]) => column !== "");
  const lines = [
    line("source", quoted(key)),
    line("cle", quoted(secret)),
    line("hote", quoted("localhost")),
    line("base", quoted("")),
    line("compte", quoted("")),
    line("mot_de_passe", quoted("")),
    line("table", quoted(table)),
    line("identifiant", quoted(id || "id")),
    "    // Ce que SRC appelle… => la colonne d’ici.",
    `    'colonnes' => [${list.map(([field, column]) => `\n        ${quoted(field)} => ${quoted(column)},`).join("")}${list.length ? "\n    " : ""}],`,
    "    // Ces champs, vides ici, seront vidés dans SRC aussi, tant que personne ne les y a corrigés.",
    `    'vider' => [${clear.map(quoted).join(", ")}],`,
  ];
  return template().replace(settings, (_, before, after) => `${before}${lines.join("\n")}${after}`);
}

const line = (name: string, value: string) => `    '${name}' => ${value},`;

/** A string of PHP between single quotes, where only the quote and the backslash mean something. */
const quoted = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;
