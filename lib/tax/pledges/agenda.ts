/** What a campaign's days hold: dates of SOLTéA, reminders that follow from them, our own next steps; and whom to call. */
import { pool, sql } from "#lib/machine/db";
import { type Page, pageOf, readCursor, Values } from "#lib/machine/keyset";
import type { MilestoneKind } from "#lib/tax/years/rules";
import { reminderRules } from "./reminders.ts";
import type { PledgeState } from "./rules.ts";
import type { PledgeSearch } from "./schema.ts";

export type DayEntry =
  | { what: "milestone"; day: string; kind: MilestoneKind }
  | { what: "reminder"; day: string; rule: string; count: number }
  | { what: "steps"; day: string; count: number; steps: { id: number; name: string; step: string }[] };

/** The days of a month (`2026-05`) that hold something; of a day's next steps, the first five are named. */
export async function listDays(
  campaignYear: number,
  month: string,
  counts: Record<PledgeState, { count: number }>,
): Promise<DayEntry[]> {
  const [dates, steps] = await Promise.all([
    sql<{ kind: MilestoneKind; day: string }>`
      select kind, to_char(day, 'YYYY-MM-DD') as day from tax_milestones
      where campaign_year = ${campaignYear} and superseded_at is null and day is not null`,
    listSteps(campaignYear, month),
  ]);
  const milestones = dates.map((one) => ({ what: "milestone" as const, ...one }));
  const reminders = reminderRules.flatMap(({ key, milestone, days, states }) => {
    const day = dates.find(({ kind }) => kind === milestone)?.day;
    const count = states.reduce((sum, state) => sum + counts[state].count, 0);
    return day ? [{ what: "reminder" as const, day: daysFrom(day, days), rule: key, count }] : [];
  });
  return [...milestones, ...reminders, ...steps.map((one) => ({ what: "steps" as const, ...one }))]
    .filter(({ day }) => day.startsWith(month))
    .sort((a, b) => a.day.localeCompare(b.day));
}

const listSteps = (campaignYear: number, month: string) => sql<{
  day: string;
  count: number;
  steps: { id: number; name: string; step: string }[];
}>`
  select to_char(day, 'YYYY-MM-DD') as day, max(rank)::int as count,
    json_agg(json_build_object('id', id, 'name', name, 'step', step) order by rank) filter (where rank <= 5) as steps
  from (
    select p.id, o.name, p.next_step as step, p.next_on as day, row_number() over (partition by p.next_on order by p.id) as rank
    from pledges p join organisations o on o.id = p.organisation_id
    where p.campaign_year = ${campaignYear} and p.next_on >= ${`${month}-01`}::date
      and p.next_on < ${`${month}-01`}::date + interval '1 month'
  ) found group by day`;

function daysFrom(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

export type CallRow = {
  pledgeId: number;
  organisationId: number;
  name: string;
  city: string;
  phone: string;
  state: PledgeState;
  nextStep: string;
  nextOn: string | null;
  owner: string | null;
};

/** Twenty-five companies to call, by the day of their next step; none that must not be solicited. */
export async function listCalls(campaignYear: number, search: PledgeSearch): Promise<Page<CallRow>> {
  const cursor = readCursor(search, ["number", "id"]);
  const values = new Values();
  // Days since 1970, those without a date last: any whole number is a sound cursor.
  const day = "coalesce(p.next_on - date '1970-01-01', 2147483647)";
  const where = [
    `p.campaign_year = ${values.add(campaignYear)}`,
    `p.state = any(${values.add(search.state ? [search.state] : ["to_solicit", "solicited", "pledged"])})`,
    "unsolicited_because(o) is null",
  ];
  if (search.owner === "none") where.push("p.owner_id is null");
  else if (search.owner) where.push(`p.owner_id = ${values.add(search.owner)}`);
  if (cursor)
    where.push(
      `(${day}, p.id) ${cursor.backward ? "<" : ">"} (${values.add(cursor.keys[0])}::int, ${values.add(cursor.keys[1])}::int)`,
    );
  const way = cursor?.backward ? "desc" : "asc";
  const { rows } = await pool().query<CallRow & { key: number }>(
    `select p.id as "pledgeId", o.id as "organisationId", o.name, o.city, o.phone, p.state, p.next_step as "nextStep",
       to_char(p.next_on, 'YYYY-MM-DD') as "nextOn", u.name as owner, ${day} as key
     from pledges p join organisations o on o.id = p.organisation_id left join users u on u.id = p.owner_id
     where ${where.join(" and ")} order by ${day} ${way}, p.id ${way} limit 26`,
    values.list,
  );
  return pageOf(rows, 25, cursor, (row) => [row.key, row.pledgeId]);
}
