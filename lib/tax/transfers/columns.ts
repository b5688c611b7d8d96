/** Which column of a file holds what: guessed by its headers, corrected by a person, remembered for headers like these. */
import { createHash } from "node:crypto";
import type { Cell } from "#lib/machine/sheets/read";
import { fold } from "#lib/machine/text";
import { wordsOf } from "./cells.ts";

/** SOLTéA's list of employers, or the statement of our bank. */
export const fileKinds = ["list", "statement"] as const;
export type FileKind = (typeof fileKinds)[number];

export const columnsOf = {
  list: ["siret", "amount", "name", "place", "formation", "day", "number"],
  statement: ["label", "amount", "day"],
} as const;
export type Column = (typeof columnsOf)[FileKind][number];

/** Without these a file says nothing. */
export const requiredOf: Record<FileKind, readonly Column[]> = {
  list: ["siret", "amount"],
  statement: ["label", "amount"],
};

/** The place of each column in a row, from 0. */
export type Mapping = Partial<Record<Column, number>>;

/** Most telling first. The real headers of SOLTéA's export are not known (domain A7). */
const words: Record<Column, RegExp[]> = {
  siret: [/^siret( de l)?( employeur| entreprise| donateur| versant| etablissement)?$/, /siret/],
  amount: [
    /^montant( affecte| verse| recu| net| du virement)?( en euros| eur)?$/,
    /^credit/,
    /montant|somme|amount/,
    /euros?\b/,
  ],
  name: [/raison sociale|denomination/, /^(nom|employeur|entreprise|societe|donateur)/, /\bnom\b/],
  place: [/^(ville|commune|localite)/, /code postal|^cp$/, /adresse/],
  formation: [/formation|composante|diplome|rncp/],
  day: [/^date (de )?(valeur|virement|operation)/, /^date/],
  number: [/(numero|n|no)\s?(°|o)?\s?(de |du )?virement/, /^virement$/],
  label: [/^libelle/, /libelle|intitule|communication|detail/, /^(objet|motif|operation)/],
};

const HEADER_ROWS = 30;

/** The row of headers, from 0: of the first thirty, the one that names most of our columns; banks write above theirs. */
export function findHeaders(rows: Cell[][], kind: FileKind): number {
  const named = rows.slice(0, HEADER_ROWS).map((row) => Object.keys(guessColumns(row, kind)).length);
  const best = Math.max(0, ...named);
  return best === 0
    ? Math.max(
        0,
        rows.findIndex((row) => row.filter((cell) => wordsOf(cell) !== "").length > 1),
      )
    : named.indexOf(best);
}

/** Each column at the header that suits it best; no header serves twice. */
export function guessColumns(headers: Cell[], kind: FileKind): Mapping {
  const names = headers.map((cell) =>
    typeof cell === "string"
      ? fold(wordsOf(cell))
          .replace(/[().:]/g, "")
          .trim()
      : "",
  );
  const mapping: Mapping = {};
  const taken = new Set<number>();
  for (const rank of [0, 1, 2, 3])
    for (const column of columnsOf[kind]) {
      const pattern = words[column][rank];
      if (mapping[column] !== undefined || !pattern) continue;
      const at = names.findIndex((name, place) => name !== "" && !taken.has(place) && pattern.test(name));
      if (at < 0) continue;
      mapping[column] = at;
      taken.add(at);
    }
  return mapping;
}

/** The same for all files with these headers, whatever their case, accents and spaces. */
export const fingerprintOf = (headers: Cell[], kind: FileKind): string =>
  createHash("sha256")
    .update(JSON.stringify([kind, ...headers.map((cell) => fold(wordsOf(cell)))]))
    .digest("hex");
