/** The current filter of the contact list as a file, page by page: no list is ever whole in memory. */
import { type By, recordAudit } from "#lib/department/audit/mutations";
import { csvLine } from "#lib/machine/csv";
import { pool } from "#lib/machine/db";
import { type ContactRow, listContacts } from "#lib/people/contacts/queries";
import type { ContactSearch } from "#lib/people/contacts/schema";

/**
 * Headings and cells are put in words by the caller. Starts with a UTF-8 mark: spreadsheets need it to read accents. The
 * headings come with the first page: whoever hears them knows that the list could be read.
 */
export async function* exportContacts(
  search: ContactSearch,
  headings: string[],
  cells: (row: ContactRow) => (string | number | null)[],
): AsyncGenerator<string> {
  let head = `\ufeff${csvLine(headings)}`;
  let after: string | null | undefined;
  do {
    const { rows, next } = await listContacts({ ...search, before: undefined, after: after ?? undefined });
    yield head + rows.map((row) => csvLine(cells(row))).join("");
    head = "";
    after = next;
  } while (after);
}

/** Writes down who took the list, or could not; a reading has no transaction to be part of. */
export const journalExport = (by: By) => (what: "exported" | "exportFailed") =>
  recordAudit({ userId: by, action: `contacts.${what}`, subject: "contact" }, pool());
