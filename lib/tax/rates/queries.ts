import { pool, type Runner, sqlOn } from "#lib/machine/db";
import { type Rates, ratesWith } from "#lib/tax/rules/rates";
import { type EditableKey, editableKeys, readBands, writeBands } from "./rules.ts";

/** The rates in force: what ships, with what was recorded since laid over it. */
export async function findRates(runner: Runner = pool()): Promise<Rates> {
  const on = sqlOn(runner);
  const [rows, years] = [
    await on<{ key: string; from: string; value: string | null; source: string; recordedAt: string }>`
      select key, from_month as from, value, source, to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') as "recordedAt"
      from tax_rates order by id`,
    await on<{ year: number; verified: boolean; source: string }>`
      select pay_year as year, verified, source from tax_verified_years order by id`,
  ];
  const told = rows.map((row) =>
    row.key === "csa" && row.value !== null ? { ...row, value: readBands(row.value) } : row,
  );
  return ratesWith({ rows: told, years });
}

export type RateRow = {
  key: EditableKey | "csa";
  from: string;
  /** The bands of the CSA as `writeBands` puts them. */
  value: string | null;
  source: string;
  /** A later row of the same key and month took its place. */
  replaced: boolean;
  unconfirmed?: string;
};

/** Every figure that may be changed with its history since 2022, the latest month first. */
export function listRates(rates: Rates): RateRow[] {
  return ([...editableKeys, "csa"] as const).flatMap((key) => {
    const rows = rates.rows.get(key) ?? [];
    return rows
      .map(({ from, value, source, unconfirmed }, at) => ({
        key,
        from,
        value: Array.isArray(value) ? writeBands(value) : value,
        source,
        replaced: rows[at + 1]?.from === from,
        ...(unconfirmed && { unconfirmed }),
      }))
      .filter(({ from }, at) => from >= "2022-01" || (rows[at + 1]?.from ?? "9999") > "2022-01")
      .reverse();
  });
}
