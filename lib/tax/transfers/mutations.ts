import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { type Runner, sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { applyReceipts, openSpontaneous } from "#lib/tax/pledges/receipts";
import type { AcceptInput, BankInput } from "./schema.ts";

/** What the bank says of a transfer, typed by hand: a transfer that nobody told of yet is made. */
export function noteBank(input: BankInput, by: By): Promise<Result<{ id: number }, "conflict">> {
  const { campaignYear, number, version, amount, valueDate = null } = input;
  return audited(
    ({ id }) => actOn("transfer.bankNoted", id, by, { campaignYear, number }),
    async (client) => {
      const rows =
        version === 0
          ? await sqlOn(client)<{ id: number }>`
              insert into transfers (campaign_year, number, bank_cents, value_date)
              values (${campaignYear}, ${number}, ${amount}, ${valueDate}::date) on conflict do nothing returning id`
          : await sqlOn(client)<{ id: number }>`
              update transfers set bank_cents = ${amount}, value_date = ${valueDate}::date, bank_file_id = null, version = version + 1
              where campaign_year = ${campaignYear} and number = ${number} and version = ${version} returning id`;
      return rows[0] ? { ok: true, id: rows[0].id } : refused("conflict");
    },
  );
}

type AcceptFault = "notFound" | "unbalanced" | "changed";

/**
 * Makes the ticked matches of a transfer true, and the pledges they name received; money that nobody promised opens a
 * pledge of its own. All or none: a line that a colleague matched meanwhile, or parts that do not add up to it, refuse
 * the whole (`changed`). Nothing is matched while the lines do not add up to the bank's amount, to the cent.
 */
export function acceptMatches(
  { id, matches }: AcceptInput,
  by: By,
): Promise<Result<{ count: number }, AcceptFault>> {
  return audited(
    ({ count }) => actOn("transfer.matched", id, by, { count }),
    async (client): Promise<Result<{ count: number }, AcceptFault>> => {
      const on = sqlOn(client);
      const [transfer] = await on<{ campaignYear: number; balanced: boolean }>`
        select campaign_year as "campaignYear", coalesce(bank_cents = (select sum(cents) from transfer_lines where transfer_id = t.id), false) as balanced
        from transfers t where id = ${id} for update`;
      if (!transfer) return refused("notFound");
      if (!transfer.balanced) return refused("unbalanced");
      const lines = await on<{ id: number; cents: string }>`
        select id, cents from transfer_lines l where transfer_id = ${id} and siret <> ''
          and not exists (select from transfer_matches m where m.line_id = l.id and m.undone_at is null)`;
      const open = new Map(lines.map((line) => [line.id, Number(line.cents)]));
      const parts: MatchRow[] = [];
      for (const { lineId, level, parts: told } of matches) {
        if (open.get(lineId) !== told.reduce((sum, { cents }) => sum + cents, 0)) return refused("changed");
        open.delete(lineId);
        for (const { pledgeId, organisationId, cents } of told) {
          const pledge =
            pledgeId ?? (await spontaneous(client, transfer.campaignYear, Number(organisationId)));
          parts.push({ line_id: lineId, pledge_id: pledge, cents, level });
        }
      }
      if (!(await insertMatches(client, parts, transfer.campaignYear, by))) return refused("changed");
      await receive(
        client,
        parts.map((part) => part.pledge_id),
        by,
      );
      return { ok: true, count: matches.length };
    },
  );
}

type MatchRow = { line_id: number; pledge_id: number; cents: number; level: string };

const spontaneous = (client: Runner, campaignYear: number, organisationId: number) =>
  openSpontaneous({ campaignYear, organisationId }, client);

/** False when a pledge is of another campaign, or is no more. */
async function insertMatches(
  client: Runner,
  parts: MatchRow[],
  campaignYear: number,
  by: By,
): Promise<boolean> {
  const rows = await sqlOn(client)`
    insert into transfer_matches (line_id, pledge_id, cents, level, matched_by)
    select m.line_id, p.id, sum(m.cents), min(m.level), ${by}::int
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as m (line_id int, pledge_id int, cents bigint, level text)
    join pledges p on p.id = m.pledge_id and p.campaign_year = ${campaignYear}
    group by m.line_id, p.id returning 1`;
  const wanted = new Set(parts.map(({ line_id, pledge_id }) => `${line_id} ${pledge_id}`)).size;
  return rows.length === wanted;
}

/** Every pledge named gets the whole sum of its matches as they stand. */
async function receive(client: Runner, pledgeIds: number[], by: By): Promise<void> {
  const sums = await sqlOn(client)<{ pledgeId: number; cents: string }>`
    select p.id as "pledgeId", coalesce(sum(m.cents), 0) as cents
    from unnest(${[...new Set(pledgeIds)]}::int[]) as p (id)
    left join transfer_matches m on m.pledge_id = p.id and m.undone_at is null group by p.id`;
  const receipts = sums.map(({ pledgeId, cents }) => ({ pledgeId, cents: BigInt(cents) }));
  await applyReceipts(receipts, by, client);
}

/** Takes the match of a line back: its pledges are again what they were before that money. */
export function undoMatch(lineId: number, by: By): Promise<Result<unknown, "notFound">> {
  return audited(
    ({ transferId }) => actOn("transfer.unmatched", transferId, by, { lineId }),
    async (client): Promise<Result<{ transferId: number }, "notFound">> => {
      const [line] = await sqlOn(client)<{ transferId: number }>`
        select t.id as "transferId" from transfer_lines l join transfers t on t.id = l.transfer_id
        where l.id = ${lineId} for update of t`;
      if (!line) return refused("notFound");
      const undone = await undo(client, [lineId], by);
      if (undone.length === 0) return refused("notFound");
      await receive(client, undone, by);
      return { ok: true, transferId: line.transferId };
    },
  );
}

async function undo(client: Runner, lineIds: number[], by: By): Promise<number[]> {
  const rows = await sqlOn(client)<{ pledgeId: number }>`
    update transfer_matches set undone_at = now(), undone_by = ${by}
    where line_id = any(${lineIds}::int[]) and undone_at is null returning pledge_id as "pledgeId"`;
  return rows.map(({ pledgeId }) => pledgeId);
}

/**
 * Takes a file back. Of a list: its lines with their matches; its transfers stay, with what the bank says of them. Of a
 * statement: what the bank said, unless somebody corrected it since, with the matches that rested on it; the lines stay.
 */
export function undoImport(fileId: number, by: By): Promise<Result<unknown, "notFound">> {
  return audited(
    { userId: by, action: "transfer.importUndone", subject: "transfer", data: { fileId } },
    async (client): Promise<Result<unknown, "notFound">> => {
      const on = sqlOn(client);
      const rows = await on`
        update transfer_files set undone_at = now()
        where id = ${fileId} and stored_at is not null and undone_at is null returning id`;
      if (rows.length === 0) return refused("notFound");
      await on`
        select from transfers where bank_file_id = ${fileId} or id in (select transfer_id from transfer_lines where file_id = ${fileId})
        order by id for update`;
      const lines = await on<{ id: number }>`
        select l.id from transfer_lines l join transfers t on t.id = l.transfer_id
        where l.file_id = ${fileId} or t.bank_file_id = ${fileId}`;
      const pledges = await undo(
        client,
        lines.map((line) => line.id),
        by,
      );
      await on`delete from transfer_lines where file_id = ${fileId}`;
      await on`
        delete from transfers t where bank_file_id = ${fileId} and not exists (select from transfer_lines l where l.transfer_id = t.id)`;
      await on`
        update transfers set bank_cents = null, value_date = null, label = '', siret = '', bank_file_id = null, version = version + 1
        where bank_file_id = ${fileId}`;
      await receive(client, pledges, by);
      return { ok: true };
    },
  );
}
