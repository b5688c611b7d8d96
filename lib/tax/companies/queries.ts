import { sql } from "#lib/machine/db";
import type { UnsolicitedReason } from "#lib/tax/pledges/rules";
import type { Ties } from "./rules.ts";

/**
 * All that ties us to some organisations, in one statement: people, pledges, letters and calls of every establishment
 * that has the same SIREN. Work facts only; whoever was archived is left out.
 */
export async function listTies(organisationIds: number[]): Promise<Map<number, Ties>> {
  const rows = await sql<Ties & { id: number }>`
    select o.id, coalesce(people.list, '[]') as people, coalesce(pledged.list, '[]') as pledges,
      coalesce(mail.letters, 0) as letters, mail."lastLetterAt", coalesce(mail.answers, 0) as answers, mail."lastAnswerAt",
      call.at as "lastCallAt", call.by as "lastCallBy", call.note as "lastCallNote"
    from organisations o
    cross join lateral (
      select array(select o.id union select h.id from organisations h where h.siren = o.siren) as ids) house
    left join lateral (
      select json_agg(row_to_json(p)) as list from (
        select c.id, btrim(c.first_name || ' ' || c.last_name) as name, c.kind, c.graduation_year as "graduationYear",
          a.role, a.job_title as "jobTitle", a.ended_at is not null as past, h.name as place, h.id <> o.id as elsewhere
        from affiliations a join contacts c on c.id = a.contact_id and c.archived_at is null
        join organisations h on h.id = a.organisation_id
        where a.organisation_id = any(house.ids)
        order by a.ended_at desc nulls first, a.role, a.id limit 200) p) people on true
    left join lateral (
      select json_agg(row_to_json(p)) as list from (
        select p.id, p.campaign_year as "campaignYear", p.state, p.share, p.received_cents::text as "receivedCents", h.name as place
        from pledges p join organisations h on h.id = p.organisation_id
        where p.organisation_id = any(house.ids) order by p.campaign_year desc, p.id desc limit 60) p) pledged on true
    left join lateral (
      select count(*) filter (where d.status = 'sent')::int as letters, max(d.settled_at) as "lastLetterAt",
        count(d.replied_at)::int as answers, max(d.replied_at) as "lastAnswerAt"
      from deliveries d
      where d.campaign_id is not null and d.contact_id in (
        select a.contact_id from affiliations a where a.organisation_id = any(house.ids) and a.ended_at is null)) mail on true
    left join lateral (
      select a.at, u.name as by, a.data ->> 'note' as note from activities a left join users u on u.id = a.user_id
      where a.organisation_id = any(house.ids) and a.kind = 'pledge.called' order by a.at desc, a.id desc limit 1) call on true
    where o.id = any(${organisationIds}::int[])`;
  return new Map(rows.map(({ id, ...ties }) => [id, ties]));
}

export type Base = {
  id: number;
  campaignYear: number;
  kind: "declared" | "deduced" | "estimated";
  lowCents: string;
  highCents: string;
  headcount: number | null;
  sector: string | null;
  source: string;
  recordedAt: Date;
  by: string | null;
  superseded: boolean;
};

/** Every base ever told of an organisation, the last campaign first and in it what is in force. */
export const listBases = (organisationId: number) => sql<Base>`
  select b.id, b.campaign_year as "campaignYear", b.kind, b.low_cents as "lowCents", b.high_cents as "highCents",
    b.headcount, b.sector, b.source, b.recorded_at as "recordedAt", u.name as by, b.superseded_at is not null as superseded
  from company_bases b left join users u on u.id = b.recorded_by
  where b.organisation_id = ${organisationId}
  order by b.campaign_year desc, b.superseded_at desc nulls first, b.id desc limit 100`;

export type Stance = {
  reason: UnsolicitedReason | null;
  note: string;
  since: Date | null;
  by: string | null;
};

/** Whether an organisation may be solicited, and who said that it may not. Null when there is none. */
export async function findStance(organisationId: number): Promise<Stance | null> {
  const [row] = await sql<Stance>`
    select unsolicited_because(o) as reason, coalesce(d.note, '') as note, d.recorded_at as since, u.name as by
    from organisations o left join do_not_solicit d on d.organisation_id = o.id left join users u on u.id = d.recorded_by
    where o.id = ${organisationId}`;
  return row ?? null;
}
