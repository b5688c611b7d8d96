/** The table for accounting: one row a match, and one a line that nobody matched, so that the rows add up to the transfers. */
import { type By, recordAudit } from "#lib/department/audit/mutations";
import { pool, sql } from "#lib/machine/db";

export type AccountRow = {
  number: number;
  valueDate: string | null;
  siret: string;
  name: string;
  formation: string;
  cents: number;
  /** Empty as long as nobody said whose it is, and of a reliquat. */
  company: string;
  matchedAt: Date | null;
};

/** Every cent of the lines of a campaign, once. */
export const listAccounts = (campaignYear: number): Promise<AccountRow[]> =>
  sql<AccountRow>`
    select t.number, to_char(t.value_date, 'YYYY-MM-DD') as "valueDate", l.siret, l.name, l.formation,
      coalesce(m.cents, l.cents)::float8 as cents, coalesce(o.name, '') as company, m.matched_at as "matchedAt"
    from transfers t join transfer_lines l on l.transfer_id = t.id
    left join transfer_matches m on m.line_id = l.id and m.undone_at is null
    left join pledges p on p.id = m.pledge_id left join organisations o on o.id = p.organisation_id
    where t.campaign_year = ${campaignYear} order by t.number, l.row, l.id, m.id`;

/** Writes down who took the table, or could not; a reading has no transaction to be part of. */
export const journalExport = (by: By) => (what: "exported" | "exportFailed") =>
  recordAudit({ userId: by, action: `transfer.${what}`, subject: "transfer" }, pool());
