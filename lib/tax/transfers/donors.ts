/** Donors: a line's own company when nobody promised, those who left and came since last year, and what was promised of it. */
import { sql } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { createOrganisation } from "#lib/people/organisations/mutations";
import { organisationInput } from "#lib/people/organisations/schema";
import { figureAt, type Rates } from "#lib/tax/rules/rates";
import { type Explained, explainGap } from "./gap.ts";
import { acceptMatches } from "./mutations.ts";

type DonorFault = "notFound" | "unbalanced" | "changed" | "siretTaken";

/**
 * Makes the unknown employer of a line a company, with the SIRET of the line, and the line its gift. A company that is
 * made stays, also when the match is refused after all.
 * @unaudited What makes the company and what matches the line each write their entry.
 */
export async function createDonor(
  lineId: number,
  name: string,
  by: number,
): Promise<Result<unknown, DonorFault>> {
  const line = await findOpenLine(lineId);
  if (!line) return refused("changed");
  const made = await createOrganisation(
    organisationInput.parse({ ...nothingElse, name, siret: line.siret }),
    by,
  );
  return made.ok ? matchTo(line, made.id, by) : made;
}

const nothingElse = { siren: "", headcount: "", email: "", website: "", phone: "", country: "FR" };

/** Says that a line is the gift of a company: of its pledge of the year, or of one made for it. */
export async function assignDonor(
  lineId: number,
  organisationId: number,
  by: number,
): Promise<Result<unknown, DonorFault>> {
  const line = await findOpenLine(lineId);
  return line ? matchTo(line, organisationId, by) : refused("changed");
}

type OpenLine = { id: number; transferId: number; siret: string; cents: number };

async function findOpenLine(id: number): Promise<OpenLine | null> {
  const [line] = await sql<OpenLine>`
    select id, transfer_id as "transferId", siret, cents::float8 as cents from transfer_lines l
    where id = ${id} and siret <> '' and not exists (select from transfer_matches m where m.line_id = l.id and m.undone_at is null)`;
  return line ?? null;
}

async function matchTo(
  line: OpenLine,
  organisationId: number,
  by: number,
): Promise<Result<unknown, DonorFault>> {
  const [company] = await sql`select from organisations where id = ${organisationId} and archived_at is null`;
  if (!company) return refused("notFound");
  const parts = [{ pledgeId: null, organisationId, cents: line.cents }];
  return acceptMatches({ id: line.transferId, matches: [{ lineId: line.id, level: "manual", parts }] }, by);
}

export type DonorChange = { organisationId: number; name: string; before: number; now: number };

/** Who gave last year and not yet this year, and who gives for the first time; by company (SIREN), the largest first. */
export const listDonorChanges = (campaignYear: number): Promise<DonorChange[]> =>
  sql<DonorChange>`
    select min(o.id) as "organisationId", min(o.name) as name,
      coalesce(sum(m.cents) filter (where p.campaign_year = ${campaignYear - 1}), 0)::float8 as before,
      coalesce(sum(m.cents) filter (where p.campaign_year = ${campaignYear}), 0)::float8 as now
    from transfer_matches m join pledges p on p.id = m.pledge_id join organisations o on o.id = p.organisation_id
    where m.undone_at is null and p.campaign_year in (${campaignYear - 1}, ${campaignYear})
    group by coalesce(o.siren, 'o' || o.id)
    having bool_or(p.campaign_year = ${campaignYear}) <> bool_or(p.campaign_year = ${campaignYear - 1})
    order by sum(m.cents) desc limit 500`;

export type Gap = {
  pledgeId: number;
  organisationId: number;
  name: string;
  state: string;
  share: number | null;
  lowCents: number | null;
  highCents: number | null;
  receivedCents: number;
  causes: Explained[];
};

/**
 * Every pledge of a campaign that said what it would bring, with what came and why that differs. A transfer has come
 * when its lines are here; the fee is the rate recorded for the pay of that campaign.
 */
export async function listGaps(campaignYear: number, rates: Rates): Promise<Gap[]> {
  const [come] = await sql<{ first: boolean; second: boolean }>`
    select count(*) filter (where number = 1) > 0 as first, count(*) filter (where number >= 2) > 0 as second
    from transfers t where campaign_year = ${campaignYear} and exists (select from transfer_lines l where l.transfer_id = t.id)`;
  const rows = await sql<Omit<Gap, "causes"> & { allocated: boolean; correctionCents: number }>`
    select p.id as "pledgeId", o.id as "organisationId", o.name, p.state, p.share, p.expected_low_cents::float8 as "lowCents",
      p.expected_high_cents::float8 as "highCents", p.received_cents::float8 as "receivedCents",
      p.correction_cents::float8 as "correctionCents",
      (p.state in ('allocated', 'received', 'thanked') or p.allocated_on is not null) as allocated
    from pledges p join organisations o on o.id = p.organisation_id
    where p.campaign_year = ${campaignYear} and p.expected_high_cents > 0 and p.state not in ('refused', 'to_solicit', 'solicited')
    order by abs(p.received_cents - p.expected_low_cents) desc, p.id limit 1000`;
  const fee = Math.round(Number(figureAt(rates, "fees", `${campaignYear - 1}-12`)?.value ?? 0) * 100);
  return rows.map(({ allocated, correctionCents, ...row }) => ({
    ...row,
    causes: explainGap({
      ...row,
      allocated,
      fee,
      correctionCents,
      transfer1: come?.first ?? false,
      transfer2: come?.second ?? false,
    }),
  }));
}
