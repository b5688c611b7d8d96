import { pool, sql } from "#lib/machine/db";
import type { Cell } from "#lib/machine/sheets/read";
import type { FileKind, Mapping } from "./columns.ts";

/** Amounts are cents; `listed` and `matched` are nought as long as no line came. */
export type TransferRow = {
  id: number;
  campaignYear: number;
  number: number;
  bankCents: number | null;
  /** `2026-07-11` */
  valueDate: string | null;
  label: string;
  siret: string;
  version: number;
  lines: number;
  listedCents: number;
  matchedCents: number;
  reliquatCents: number;
  /** Lines with a donor that nobody matched. */
  openLines: number;
};

/** Cents of a whole department fit a JavaScript number; PostgreSQL's bigint comes as text. */
const numbers = <R extends Record<string, unknown>>(row: R, names: readonly (keyof R)[]): R => ({
  ...row,
  ...Object.fromEntries(names.map((name) => [name, row[name] === null ? null : Number(row[name])])),
});

const columns = `
  t.id, t.campaign_year as "campaignYear", t.number, t.bank_cents as "bankCents", to_char(t.value_date, 'YYYY-MM-DD') as "valueDate",
  t.label, t.siret, t.version, count(l.id)::int as lines, coalesce(sum(l.cents), 0) as "listedCents",
  coalesce(sum(l.matched), 0) as "matchedCents", coalesce(sum(l.cents) filter (where l.siret = ''), 0) as "reliquatCents",
  count(l.id) filter (where l.siret <> '' and l.matched is null)::int as "openLines"
  from transfers t left join (
    select l.*, (select sum(m.cents) from transfer_matches m where m.line_id = l.id and m.undone_at is null) as matched
    from transfer_lines l) l on l.transfer_id = t.id`;
const amounts = ["bankCents", "listedCents", "matchedCents", "reliquatCents"] as const;

/** The transfers of a campaign, in their order. */
export async function listTransfers(campaignYear: number): Promise<TransferRow[]> {
  const { rows } = await pool().query<TransferRow>({
    text: `select ${columns} where t.campaign_year = $1 group by t.id order by t.number`,
    values: [campaignYear],
  });
  return rows.map((row) => numbers(row, amounts));
}

export async function findTransfer(id: number): Promise<TransferRow | null> {
  const { rows } = await pool().query<TransferRow>({
    text: `select ${columns} where t.id = $1 group by t.id`,
    values: [id],
  });
  return rows[0] ? numbers(rows[0], amounts) : null;
}

export type MatchedLine = {
  id: number;
  siret: string;
  name: string;
  cents: number;
  level: string;
  by: string | null;
  at: Date;
  parts: { organisationId: number; company: string; pledgeId: number; cents: number }[];
};

/** The lines of a transfer that somebody matched, the last ones first. */
export const listMatched = (transferId: number): Promise<MatchedLine[]> =>
  sql<MatchedLine>`
    select l.id, l.siret, l.name, l.cents::float8 as cents, min(m.level) as level, min(u.name) as by, max(m.matched_at) as at,
      jsonb_agg(jsonb_build_object('organisationId', o.id, 'company', o.name, 'pledgeId', p.id, 'cents', m.cents) order by p.id) as parts
    from transfer_lines l join transfer_matches m on m.line_id = l.id and m.undone_at is null
    join pledges p on p.id = m.pledge_id join organisations o on o.id = p.organisation_id left join users u on u.id = m.matched_by
    where l.transfer_id = ${transferId} group by l.id order by max(m.matched_at) desc, l.id`;

/** Money that SOLTéA shared out because nobody had allocated it: no donor. */
export const listReliquat = (transferId: number) =>
  sql<{ id: number; name: string; formation: string; cents: number }>`
    select id, name, formation, cents::float8 as cents from transfer_lines where transfer_id = ${transferId} and siret = '' order by cents desc, id`;

export type FileRow = {
  id: number;
  kind: FileKind;
  name: string;
  by: string | null;
  createdAt: Date;
  storedAt: Date | null;
  undoneAt: Date | null;
  added: number;
  known: number;
  faulty: number;
};

/** The last twenty files, those that wait for their columns too. */
export const listFiles = (): Promise<FileRow[]> =>
  sql<FileRow>`
    select f.id, f.kind, f.name, u.name as by, f.created_at as "createdAt", f.stored_at as "storedAt",
      f.undone_at as "undoneAt", f.added, f.known, f.faulty
    from transfer_files f left join users u on u.id = f.created_by order by f.id desc limit 20`;

export type FileDetail = FileRow & { cells: Cell[][] | null };

export async function findFile(id: number): Promise<FileDetail | null> {
  const [row] = await sql<FileDetail>`
    select f.id, f.kind, f.name, u.name as by, f.created_at as "createdAt", f.stored_at as "storedAt",
      f.undone_at as "undoneAt", f.added, f.known, f.faulty, f.cells
    from transfer_files f left join users u on u.id = f.created_by where f.id = ${id}`;
  return row ?? null;
}

/** What somebody chose for a file with these headers. */
export async function findMapping(fingerprint: string): Promise<Mapping | null> {
  const [row] = await sql<{
    columns: Mapping;
  }>`select columns from column_mappings where fingerprint = ${fingerprint}`;
  return row?.columns ?? null;
}

/** The same SIRET and cents in two transfers of a campaign: perhaps one part, transferred twice. */
export const listTwice = (campaignYear: number) =>
  sql<{ siret: string; name: string; cents: number; numbers: number[] }>`
    select l.siret, max(l.name) as name, l.cents::float8 as cents, array_agg(distinct t.number order by t.number) as numbers
    from transfer_lines l join transfers t on t.id = l.transfer_id
    where t.campaign_year = ${campaignYear} and l.siret <> ''
    group by l.siret, l.cents, l.formation having count(distinct t.number) > 1 order by l.cents desc, l.siret`;
