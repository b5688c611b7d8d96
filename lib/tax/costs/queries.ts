import { sql } from "#lib/machine/db";

export type Cost = {
  id: number;
  campaignId: number | null;
  letter: string | null;
  what: string;
  minutes: number;
  cents: string;
  spentOn: string | null;
  by: string | null;
};

/** All that was spent on a campaign, the latest first. */
export const listCosts = (campaignYear: number) => sql<Cost>`
  select c.id, c.campaign_id as "campaignId", k.name as letter, c.what, c.minutes, c.cents,
    to_char(c.spent_on, 'YYYY-MM-DD') as "spentOn", u.name as by
  from tax_costs c left join campaigns k on k.id = c.campaign_id left join users u on u.id = c.recorded_by
  where c.campaign_year = ${campaignYear} order by c.spent_on desc nulls last, c.id desc limit 500`;

/** What it adds up to, by letter; under null what was spent on the campaign as a whole. */
export const sumCosts = (campaignYear: number) => sql<{
  campaignId: number | null;
  minutes: number;
  cents: string;
}>`
  select campaign_id as "campaignId", sum(minutes)::int as minutes, sum(cents)::text as cents
  from tax_costs where campaign_year = ${campaignYear} group by campaign_id`;
