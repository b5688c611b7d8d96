/** The table of a campaign as a file, page by page: no list is ever whole in memory. */
import { type By, recordAudit } from "#lib/department/audit/mutations";
import { csvLine } from "#lib/machine/csv";
import { pool } from "#lib/machine/db";
import { type Card, listPledges } from "./queries.ts";
import type { PledgeSearch } from "./schema.ts";

/** Headings and cells are put in words by the caller; they start with the mark that spreadsheets read UTF-8 by. */
export async function* exportPledges(
  campaignYear: number,
  search: PledgeSearch,
  headings: string[],
  cells: (row: Card) => (string | number | Date | null)[],
): AsyncGenerator<string> {
  let head = `\ufeff${csvLine(headings)}`;
  let after: string | null | undefined;
  do {
    const { rows, next } = await listPledges(campaignYear, {
      ...search,
      before: undefined,
      after: after ?? undefined,
    });
    yield head + rows.map((row) => csvLine(cells(row))).join("");
    head = "";
    after = next;
  } while (after);
}

/** Writes down who took the list, or could not; a reading has no transaction to be part of. */
export const journalExport = (by: By) => (what: "exported" | "exportFailed") =>
  recordAudit({ userId: by, action: `pledge.${what}`, subject: "pledge" }, pool());
