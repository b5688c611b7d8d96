/** What an address or a form asks for, in values that a column can hold: the one reader of ids, days and searches. */
import { z } from "zod";

/** PostgreSQL's `integer`, which numbers our rows. */
export const largestId = 2_147_483_647;

/** The id in an address, or null for what is no row's. */
export const idOf = (text: unknown): number | null => {
  const id = typeof text === "string" && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  return id > 0 && id <= largestId ? id : null;
};

/** The id of a row, in a form. `message` is a catalog key. */
export const rowId = (message?: string) =>
  z.coerce.number(message).int(message).positive(message).max(largestId, message);

/** `?before=` or `?after=` of a list numbered by ids: the first page for anything odd. */
export const pastId = z
  .unknown()
  .optional()
  .transform((value) => idOf(value) ?? undefined);

/** Text as PostgreSQL can store it: no NUL, no half of a surrogate pair. */
export const storable = (text: string) => text.replaceAll("\0", "").toWellFormed();

const LONGEST_SEARCH = 200;

/** What is searched for: one text, cut where nobody reads on; given twice, the first. */
export const searched = z
  .unknown()
  .optional()
  .transform((value) =>
    storable(String([value].flat()[0] ?? ""))
      .trim()
      .slice(0, LONGEST_SEARCH),
  );

/** `2026-03-14`, a day of a calendar that has no year 0. */
export const calendarDay = z.iso.date("date").refine((day) => !day.startsWith("0000"), "date");

/** A click that says it all. */
export const noInput = z.object({});
