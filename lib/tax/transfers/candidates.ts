/** Whom the lines of a transfer may come from: read in a few statements, judged by match.ts. */
import { pool } from "#lib/machine/db";
import { type Candidate, type Proposal, propose } from "./match.ts";

export type OpenLine = {
  id: number;
  siret: string;
  name: string;
  place: string;
  formation: string;
  cents: number;
  proposal: (Proposal & { names: string[] }) | null;
};

type LineRow = Omit<OpenLine, "cents" | "proposal"> & { cents: string };
type CandidateRow = Omit<Candidate, "pledges"> & {
  pledges: {
    id: number;
    covers: string;
    target: string;
    state: string;
    share: number | null;
    low: number | null;
    high: number | null;
  }[];
};

/** The lines of a transfer that nobody matched yet, each with the best proposal. */
export async function listOpenLines(transferId: number, campaignYear: number): Promise<OpenLine[]> {
  const { rows: lines } = await pool().query<LineRow>({
    text: `
      select id, siret, name, place, formation, cents from transfer_lines l where transfer_id = $1 and siret <> ''
        and not exists (select from transfer_matches m where m.line_id = l.id and m.undone_at is null)
      order by cents desc, id`,
    values: [transferId],
  });
  if (lines.length === 0) return [];
  const candidates = await listCandidates(transferId, campaignYear);
  const names = new Map(candidates.map(({ organisationId, name }) => [organisationId, name]));
  return lines.map((line) => {
    const proposal = propose({ ...line, cents: Number(line.cents), reliquat: false }, candidates);
    return {
      ...line,
      cents: Number(line.cents),
      proposal: proposal && {
        ...proposal,
        names: proposal.parts.map(({ organisationId }) => names.get(organisationId) ?? ""),
      },
    };
  });
}

/** States that say that money is expected: where there are any, the others of the same company are left out. */
const promised = ["pledged", "allocated", "received", "thanked"];

async function listCandidates(transferId: number, campaignYear: number): Promise<Candidate[]> {
  const { rows } = await pool().query<CandidateRow>({
    text: `
      with lines as (
        select distinct siret, left(siret, 9) as siren, fold(name) as name from transfer_lines where transfer_id = $1 and siret <> ''),
      before as (
        select distinct l.siret, p.organisation_id as id from transfer_matches m join transfer_lines l on l.id = m.line_id
        join pledges p on p.id = m.pledge_id where m.undone_at is null and l.siret in (select siret from lines)),
      found as (
        select o.id from organisations o join lines on lines.siret = o.siret
        union select o.id from organisations o join lines on lines.siren = o.siren
        union select id from before
        union select o.id from lines join organisations o on o.sort_name % lines.name where lines.name <> '')
      select o.id as "organisationId", o.siret, o.siren, o.name, o.city,
        array(select b.siret from before b where b.id = o.id and b.siret is distinct from o.siret) as "formerSirets",
        exists (select from transfer_matches m join pledges p on p.id = m.pledge_id
          where m.undone_at is null and p.organisation_id = o.id and p.campaign_year = $2 - 1) as "gaveLastYear",
        coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'covers', p.covers, 'target', p.target, 'state', p.state,
            'share', p.share, 'low', p.expected_low_cents, 'high', p.expected_high_cents) order by p.id)
          from pledges p where p.organisation_id = o.id and p.campaign_year = $2), '[]') as pledges
      from found join organisations o on o.id = found.id where o.archived_at is null order by o.id`,
    values: [transferId, campaignYear],
  });
  return rows.map(({ pledges, ...row }) => {
    const expected = pledges.filter(({ state }) => promised.includes(state));
    return {
      ...row,
      pledges: (expected.length > 0 ? expected : pledges).map(({ id, covers, target, share, low, high }) => ({
        id,
        coversSiren: covers === "siren",
        target,
        share,
        lowCents: low,
        highCents: high,
      })),
    };
  });
}
