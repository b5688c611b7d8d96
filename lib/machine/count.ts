/** Counting for a screen: exact while it is cheap, an estimate that says so beyond. */
import { pool } from "#lib/machine/db";
import { type Count, exactUpTo, Values } from "#lib/machine/keyset";

type Plan = { "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] };

/**
 * `queryOf` writes the statement selecting the rows to count, stopping after `limit` of them if one is given.
 * Beyond 10 000 the planner's estimate is answered, to two significant digits.
 */
export async function countRows(queryOf: (values: Values, limit: number | null) => string): Promise<Count> {
  const values = new Values();
  const query = queryOf(values, exactUpTo + 1);
  const { rows } = await pool().query<{ n: number }>(
    `select count(*)::int as n from (select 1 from (${query}) q limit ${exactUpTo + 1}) counted`,
    values.list,
  );
  const count = rows[0]?.n ?? 0;
  return count <= exactUpTo ? { count, estimated: false } : estimate(queryOf);
}

async function estimate(queryOf: (values: Values, limit: null) => string): Promise<Count> {
  const values = new Values();
  const query = queryOf(values, null);
  const { rows } = await pool().query<Plan>(`explain (format json) ${query}`, values.list);
  const guess = rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
  return { count: Math.max(exactUpTo, Number(guess.toPrecision(2))), estimated: true };
}
