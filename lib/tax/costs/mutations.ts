import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import type { CostInput } from "./schema.ts";

/** Time or money spent on a campaign, or on a letter of the tax. */
export const recordCost = (input: CostInput, by: By): Promise<Result<{ id: number }, "notFound">> =>
  audited(
    ({ id }) => actOn("pledge.costRecorded", id, by, { campaignYear: input.campaignYear }),
    async (client) => {
      const { campaignYear, campaignId = null, what, hours, amount, spentOn = null } = input;
      const [row] = await sqlOn(client)<{ id: number }>`
        insert into tax_costs (campaign_year, campaign_id, what, minutes, cents, spent_on, recorded_by)
        select ${campaignYear}, ${campaignId}::int, ${what}, ${hours}, ${amount}::bigint, ${spentOn}::date, ${by}::int
        where ${campaignId}::int is null or exists (select from campaigns where id = ${campaignId}::int) returning id`;
      return row ? { ok: true, id: row.id } : refused("notFound");
    },
  );

/** What was mistyped goes; the journal keeps that it was there. */
export const removeCost = (id: number, by: By): Promise<Result<unknown, "notFound">> =>
  audited(actOn("pledge.costRemoved", id, by), async (client): Promise<Result<unknown, "notFound">> => {
    const rows = await sqlOn(client)`delete from tax_costs where id = ${id} returning id`;
    return rows.length === 1 ? { ok: true } : refused("notFound");
  });
