/**
 * The figures of the law as dated, sourced rows. What ships is JSON; rows recorded later (a screen, a test) are laid
 * over it: of two rows of one key and month, the last recorded is read, and the other stays as history.
 */
import before2019 from "./before-2019.json" with { type: "json" };
import scope from "./scope.json" with { type: "json" };
import since2019 from "./since-2019.json" with { type: "json" };
import years from "./years.json" with { type: "json" };

/** A share of work-study under `below` %; `large` for the employers above the larger threshold of staff. */
export type Band = { below: string; rate: string; large?: string };

/** In force from a month of pay (`2022-01`) until the next row of its key; null: no longer a figure of the law. */
export type Row = {
  from: string;
  value: string | null | Band[];
  /** The legal source, as steps print it. */
  source: string;
  /** Why nobody could confirm it, in French; absent when confirmed. */
  unconfirmed?: string;
  recordedAt: string;
};
export type Year = { year: number; verified: boolean; source: string };
export type Figure = { value: string; source: string; unconfirmed?: string };

export type Rates = { rows: ReadonlyMap<string, readonly Row[]>; years: ReadonlyMap<number, Year> };

type Shipped = { recordedAt: string; rates: Record<string, Omit<Row, "recordedAt">[]> };

/** What the application ships, with rows and years recorded since laid over it. */
export function ratesWith(later: { rows?: (Row & { key: string })[]; years?: Year[] } = {}): Rates {
  const rows = new Map<string, Row[]>();
  for (const file of [scope, before2019, since2019] as Shipped[])
    for (const [key, list] of Object.entries(file.rates))
      rows.set(
        key,
        list.map((row) => ({ ...row, recordedAt: file.recordedAt })),
      );
  for (const { key, ...row } of later.rows ?? []) rows.set(key, [...(rows.get(key) ?? []), row]);
  for (const list of rows.values())
    list.sort((a, b) => compare(a.from, b.from) || compare(a.recordedAt, b.recordedAt));
  const told: Year[] = [...years.years, ...(later.years ?? [])];
  return { rows, years: new Map(told.map((one) => [one.year, one])) };
}

/** The row of `key` in force in `month`, if any. */
export const rowAt = (rates: Rates, key: string, month: string) =>
  rates.rows.get(key)?.findLast((row) => row.from <= month);

/** The figure of `key` in force in `month`; undefined where the law has none. */
export function figureAt(rates: Rates, key: string, month: string): Figure | undefined {
  const row = rowAt(rates, key, month);
  return row && typeof row.value === "string" ? { ...row, value: row.value } : undefined;
}

/** The same, for a figure without which nothing can be computed. */
export function needFigure(rates: Rates, key: string, month: string): Figure {
  const figure = figureAt(rates, key, month);
  if (!figure) throw new Error(`no ${key} in ${month}`);
  return figure;
}

/** The months of `year` grouped by what the law says then: one group, unless a rate changes in mid-year. */
export function periodsOf(rates: Rates, year: number): string[][] {
  const periods: string[][] = [];
  let last = "";
  for (const month of monthsOf(year)) {
    const now = JSON.stringify(paid.map((key) => rowAt(rates, key, month)?.value));
    if (now !== last) periods.push([]);
    periods.at(-1)?.push(month);
    last = now;
  }
  return periods;
}

/** The rates of which each month takes its own. */
const paid = [
  "tax",
  "tax.alsaceMoselle",
  "raised",
  "raised.alsaceMoselle",
  "cda",
  "main",
  "main.alsaceMoselle",
  "solde",
  "csa",
];

export const monthsOf = (year: number) =>
  Array.from({ length: 12 }, (_, at) => `${year}-${String(at + 1).padStart(2, "0")}`);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
