/** What a file would write, by the columns that somebody asks for, those remembered, or those guessed. */
import { wallClock } from "#lib/machine/paris";
import type { Cell } from "#lib/machine/sheets/read";
import { wordsOf } from "./cells.ts";
import { type FileKind, findHeaders, fingerprintOf, guessColumns, type Mapping } from "./columns.ts";
import { type RowFault, readLines, readStatement } from "./lines.ts";
import { findMapping } from "./queries.ts";
import { type ColumnsInput, mappingOf } from "./schema.ts";

type PreviewRow = {
  row: number;
  name: string;
  siret: string;
  place: string;
  formation: string;
  number: number | null;
  day: string | null;
  cents: number;
};
export type Preview = {
  headers: string[];
  /** From 0. */
  headerRow: number;
  mapping: Mapping;
  first: PreviewRow[];
  /** All of them, and their sum. */
  count: number;
  cents: number;
  /** Rows of a statement that are not kept; null for a list. */
  others: number | null;
  faults: RowFault[];
  /** The campaign proposed to whoever stores it. */
  campaignYear: number;
};

const shown = 10;

export async function previewFile(
  kind: FileKind,
  cells: Cell[][],
  asked: ColumnsInput | null,
): Promise<Preview> {
  const headerRow = findHeaders(cells, kind);
  const headers = cells[headerRow] ?? [];
  const mapping = asked
    ? mappingOf(kind, asked)
    : ((await findMapping(fingerprintOf(headers, kind))) ?? guessColumns(headers, kind));
  const common = { headers: headers.map(wordsOf), headerRow, mapping };
  const { rows, faults, others } = read(kind, cells, headerRow + 1, mapping);
  const cents = rows.reduce((total, row) => total + row.cents, 0);
  const campaignYear = rows[0]?.campaignYear ?? Number(wallClock(new Date()).slice(0, 4));
  return { ...common, first: rows.slice(0, shown), count: rows.length, cents, others, faults, campaignYear };
}

function read(kind: FileKind, cells: Cell[][], from: number, mapping: Mapping) {
  if (kind === "list") {
    const { lines, faults } = readLines(cells, from, mapping);
    const rows = lines.map((line) => ({
      ...line,
      campaignYear: line.day ? Number(line.day.slice(0, 4)) : undefined,
    }));
    return { rows, faults, others: null };
  }
  const { transfers, faults, others } = readStatement(cells, from, mapping);
  const rows = transfers.map(({ label, ...transfer }) => ({
    ...transfer,
    name: label,
    place: "",
    formation: "",
  }));
  return { rows, faults, others };
}
