import { sql } from "#lib/machine/db";
import { readToken } from "#lib/machine/tokens";

export type PromiseView = {
  company: string;
  siret: string;
  share: number;
  campaignYear: number;
  confirmed: boolean;
};

/** What the page of a link shows; null for a link that is incomplete, forged or too old. */
export async function viewPromise(token: string): Promise<PromiseView | null> {
  const name = readToken("promise", token);
  if (name === null) return null;
  const [row] = await sql<PromiseView>`
    select company, siret, share, campaign_year as "campaignYear", confirmed_at is not null as confirmed from promises
    where id = ${name.id} and generation = ${name.generation} and (confirmed_at is not null or created_at > now() - interval '7 days')`;
  return row ?? null;
}

export type Prefilled = { company: string; siret: string; share: string };

/**
 * What the personal link of a letter fills in: the reader's company today and the share of its last pledge, never an
 * amount, since letters are passed on. Empty for a link that is not ours, of a reader who is gone, or of a campaign whose
 * second period has closed.
 */
export async function prefill(letter: string, campaignYear: number): Promise<Prefilled> {
  const name = letter ? readToken("pledge", letter) : null;
  const nothing = { company: "", siret: "", share: "" };
  if (name === null) return nothing;
  const [row] = await sql<{ company: string; siret: string | null; share: number | null }>`
    select o.name as company, o.siret, (select p.share from pledges p where p.organisation_id = o.id and p.share is not null
      order by p.campaign_year desc limit 1) as share
    from deliveries d join affiliations a on a.contact_id = d.contact_id and a.ended_at is null
    join organisations o on o.id = a.organisation_id and o.archived_at is null
    where d.id = ${name.id} and d.generation = ${name.generation} and not exists (select from tax_milestones m where m.campaign_year = ${campaignYear}
      and m.kind = 'period2Closes' and m.superseded_at is null and m.day < (now() at time zone 'Europe/Paris')::date)
    order by a.started_at desc, a.id desc limit 1`;
  if (!row) return nothing;
  return {
    company: row.company,
    siret: row.siret ?? "",
    share: row.share ? String(row.share / 100).replace(".", ",") : "",
  };
}

/** What was promised online and became this pledge; null when it came otherwise. */
export async function findPromise(pledgeId: number): Promise<{ address: string; confirmedAt: Date } | null> {
  const [row] = await sql<{ address: string; confirmedAt: Date }>`
    select address, confirmed_at as "confirmedAt" from promises
    where pledge_id = ${pledgeId} and confirmed_at is not null order by confirmed_at desc limit 1`;
  return row ?? null;
}
