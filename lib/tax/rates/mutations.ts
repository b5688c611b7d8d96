import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import type { RateInput, VerifiedInput } from "./schema.ts";

/** A figure of the law from a month of pay on, beside the former ones. The one just recorded, again, is refused. */
export function recordRate(input: RateInput, by: By): Promise<Result<unknown, "rateThere">> {
  const { key, month, value, source } = input;
  return audited(actOn("settings.taxRate", 1, by, { key, month }), async (client) => {
    const rows = await sqlOn(client)`
      insert into tax_rates (key, from_month, value, source, recorded_by)
      select ${key}, ${month}, ${value}, ${source}, ${by}::int
      where ${value} is distinct from (
        select value from tax_rates where key = ${key} and from_month = ${month} order by id desc limit 1)
      returning 1`;
    return rows.length === 1 ? { ok: true } : refused("rateThere");
  });
}

/** Says that somebody has verified the rates of a year of pay, or takes that back: an unverified year is not computed. */
export function verifyYear({ payYear, verified, source }: VerifiedInput, by: By): Promise<Result> {
  return audited(actOn("settings.taxVerified", 1, by, { payYear, verified }), async (client) => {
    await sqlOn(client)`
      insert into tax_verified_years (pay_year, verified, source, recorded_by) values (${payYear}, ${verified}, ${source}, ${by}::int)`;
    return { ok: true };
  });
}
