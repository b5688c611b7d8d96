import { pool, sql } from "#lib/machine/db";
import { encodeKeys, literal, type Page, pageOf, readCursor, Values } from "#lib/machine/keyset";
import { fold } from "#lib/machine/text";
import { type PledgeState, pledgeStates, type UnsolicitedReason } from "./rules.ts";
import type { PledgeSearch } from "./schema.ts";

/** A card of the board, and a row of the table. Cents are texts: JSON has no bigint. */
export type Card = {
  id: number;
  version: number;
  state: PledgeState;
  stateSince: Date;
  organisationId: number;
  name: string;
  city: string;
  covers: "siret" | "siren";
  target: string;
  share: number | null;
  lowCents: string | null;
  highCents: string | null;
  receivedCents: string;
  unverified: boolean;
  nextStep: string;
  nextOn: string | null;
  owner: string | null;
  /** Reminders that wait for somebody. */
  due: number;
};

const card = `p.id, p.version, p.state, p.state_since as "stateSince", p.organisation_id as "organisationId", o.name, o.city,
  p.covers, p.target, p.share, p.expected_low_cents as "lowCents", p.expected_high_cents as "highCents",
  p.received_cents as "receivedCents", p.unverified, p.next_step as "nextStep", to_char(p.next_on, 'YYYY-MM-DD') as "nextOn",
  u.name as owner, (select count(*)::int from pledge_reminders w where w.pledge_id = p.id and w.done_at is null) as due`;
const joins = "join organisations o on o.id = p.organisation_id left join users u on u.id = p.owner_id";

type Whose = Pick<PledgeSearch, "owner">;
const owned = ({ owner }: Whose, values: Values) =>
  owner === "" ? "" : owner === "none" ? " and p.owner_id is null" : ` and p.owner_id = ${values.add(owner)}`;

export const columnSize = 50;
export type Column = { cards: Card[]; next: string | null };

/** Fifty cards of a column, what moved last first; `after` is the `next` of the page above. */
export async function listColumn(
  campaignYear: number,
  state: PledgeState,
  search: Whose & { after?: string | undefined },
): Promise<Column> {
  const cursor = readCursor({ after: search.after }, ["instant", "id"]);
  const values = new Values();
  const [year, which] = [values.add(campaignYear), values.add(state)];
  const beyond = cursor
    ? ` and (p.state_since, p.id) < (${values.add(cursor.keys[0])}::timestamptz, ${values.add(cursor.keys[1])}::int)`
    : "";
  const { rows } = await pool().query<Card>(
    `select ${card} from pledges p ${joins}
     where p.campaign_year = ${year} and p.state = ${which}${owned(search, values)}${beyond}
     order by p.state_since desc, p.id desc limit ${columnSize + 1}`,
    values.list,
  );
  const cards = rows.slice(0, columnSize);
  const last = cards.at(-1);
  const next = rows.length > columnSize && last ? encodeKeys([last.stateSince.toISOString(), last.id]) : null;
  return { cards, next };
}

export type Total = { count: number; lowCents: string; highCents: string; receivedCents: string };
export type Totals = Record<PledgeState, Total>;

/** What each state of a campaign adds up to, from the index alone unless one owner is asked for. */
export async function sumStates(campaignYear: number, search: Whose): Promise<Totals> {
  const values = new Values();
  const { rows } = await pool().query<Total & { state: PledgeState }>(
    `select p.state, count(*)::int as count, coalesce(sum(p.expected_low_cents), 0)::text as "lowCents",
       coalesce(sum(p.expected_high_cents), 0)::text as "highCents", coalesce(sum(p.received_cents), 0)::text as "receivedCents"
     from pledges p where p.campaign_year = ${values.add(campaignYear)}${owned(search, values)} group by p.state`,
    values.list,
  );
  const none = { count: 0, lowCents: "0", highCents: "0", receivedCents: "0" };
  const told = new Map(rows.map(({ state, ...total }) => [state, total]));
  return Object.fromEntries(pledgeStates.map((state) => [state, told.get(state) ?? none])) as Totals;
}

/** Fifty pledges of a campaign, what moved last first, as the table and its file show them. */
export async function listPledges(campaignYear: number, search: PledgeSearch): Promise<Page<Card>> {
  const cursor = readCursor(search, ["instant", "id"]);
  const values = new Values();
  const where = [`p.campaign_year = ${values.add(campaignYear)}${owned(search, values)}`];
  if (search.state) where.push(`p.state = ${values.add(search.state)}`);
  if (search.q) where.push(`o.sort_name like ${values.add(`%${literal(fold(search.q))}%`)}`);
  if (cursor) {
    const [at, id] = cursor.keys.map((key) => values.add(key));
    where.push(`(p.state_since, p.id) ${cursor.backward ? ">" : "<"} (${at}::timestamptz, ${id}::int)`);
  }
  const way = cursor?.backward ? "asc" : "desc";
  const { rows } = await pool().query<Card>(
    `select ${card} from pledges p ${joins} where ${where.join(" and ")}
     order by p.state_since ${way}, p.id ${way} limit 51`,
    values.list,
  );
  return pageOf(rows, 50, cursor, (row) => [row.stateSince.toISOString(), row.id]);
}

export type PledgeDetail = Card & {
  campaignYear: number;
  siren: string | null;
  siret: string | null;
  why: string;
  channel: string;
  contactId: number | null;
  contactName: string | null;
  ownerId: number | null;
  openedById: number | null;
  openedBy: string | null;
  correctionCents: string;
  allocatedOn: string | null;
  unsolicited: UnsolicitedReason | null;
  sourceCampaignId: number | null;
  sourceCampaign: string | null;
  baseKind: string | null;
  baseLow: string | null;
  baseHigh: string | null;
  reminders: { rule: string; dueOn: string }[];
};

/** Everything the page of a pledge shows but its history; null when there is none. */
export async function findPledge(id: number): Promise<PledgeDetail | null> {
  const { rows } = await pool().query<PledgeDetail>(
    `select ${card}, p.campaign_year as "campaignYear", o.siren, o.siret, p.why, p.channel, p.contact_id as "contactId",
       btrim(c.first_name || ' ' || c.last_name) as "contactName", p.owner_id as "ownerId", p.opened_by as "openedById",
       btrim(d.first_name || ' ' || d.last_name) as "openedBy", p.correction_cents as "correctionCents",
       to_char(p.allocated_on, 'YYYY-MM-DD') as "allocatedOn", unsolicited_because(o) as unsolicited,
       k.id as "sourceCampaignId", k.name as "sourceCampaign",
       b.kind as "baseKind", b.low_cents as "baseLow", b.high_cents as "baseHigh",
       coalesce((select json_agg(json_build_object('rule', w.rule, 'dueOn', w.due_on) order by w.due_on) from pledge_reminders w
         where w.pledge_id = p.id and w.done_at is null), '[]') as reminders
     from pledges p ${joins} left join contacts c on c.id = p.contact_id left join contacts d on d.id = p.opened_by
     left join campaigns k on k.id = p.source_campaign_id
     left join company_bases b on b.organisation_id = p.organisation_id and b.campaign_year = p.campaign_year
       and b.superseded_at is null
     where p.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

export type PledgeEvent = {
  id: number;
  at: Date;
  from: PledgeState | null;
  to: PledgeState;
  by: string | null;
  data: { why?: string; cents?: number; channel?: string; share?: number };
};

/** The states a pledge was in, the latest first. */
export const listEvents = (pledgeId: number) => sql<PledgeEvent>`
  select e.id, e.at, e.from_state as from, e.to_state as to, u.name as by, e.data
  from pledge_events e left join users u on u.id = e.user_id where e.pledge_id = ${pledgeId} order by e.id desc limit 100`;

/** Who may own a pledge: the colleagues whose account lives. */
export const listOwners = () => sql<{ id: number; name: string }>`
  select id, name from users where disabled_at is null and role <> 'reader' order by name, id limit 200`;

/** The campaigns that have pledges, the last first. */
export async function listPledgeYears(): Promise<number[]> {
  // One step of the index a year, whatever the pledges.
  const rows = await sql<{ year: number }>`
    with recursive years as (
      (select campaign_year as year from pledges order by campaign_year desc limit 1)
      union all
      select (select p.campaign_year from pledges p where p.campaign_year < y.year order by p.campaign_year desc limit 1)
      from years y where y.year is not null
    ) select year from years where year is not null`;
  return rows.map(({ year }) => year);
}

export type DirectPayment = {
  id: number;
  campaignYear: number;
  cents: string;
  means: "cheque" | "transfer" | "other";
  cameOn: string;
  returnedOn: string | null;
};

export const listDirectPayments = (organisationId: number) => sql<DirectPayment>`
  select id, campaign_year as "campaignYear", cents, means, to_char(came_on, 'YYYY-MM-DD') as "cameOn",
    to_char(returned_on, 'YYYY-MM-DD') as "returnedOn"
  from direct_payments where organisation_id = ${organisationId} order by came_on desc, id desc limit 50`;
