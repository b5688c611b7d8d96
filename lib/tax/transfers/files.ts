/** Files of SOLTéA and of the bank: read when they come, stored when somebody has seen what would be written. */
import { createHash } from "node:crypto";
import { type AuditFact, audited, type By } from "#lib/department/audit/mutations";
import { type Runner, sql, sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { type Cell, readTable, type SheetFault } from "#lib/machine/sheets/read";
import { type FileKind, findHeaders, fingerprintOf, requiredOf } from "./columns.ts";
import { readLines, readStatement } from "./lines.ts";
import { mappingOf, type StoreInput } from "./schema.ts";

/**
 * Reads a file and keeps its rows until they are stored or a day has passed. A file that is stored already is refused:
 * `id` is that of its import.
 * @unaudited What nobody stored leaves no trace; storing it is audited.
 */
export async function receiveFile(
  kind: FileKind,
  name: string,
  bytes: Uint8Array,
  by: By,
): Promise<Result<{ id: number }, SheetFault | "fileKnown">> {
  const sha256 = createHash("sha256").update(bytes).digest();
  const [known] = await sql<{ id: number }>`
    select id from transfer_files where kind = ${kind} and sha256 = ${sha256} and stored_at is not null and undone_at is null`;
  if (known) return refused("fileKnown", { id: known.id });
  const table = await readTable(bytes);
  if ("fault" in table) return refused(table.fault);
  await sql`delete from transfer_files where stored_at is null and created_at < now() - interval '1 day'`;
  const [row] = await sql<{ id: number }>`
    insert into transfer_files (kind, name, sha256, cells, created_by)
    values (${kind}, ${name.slice(0, 200)}, ${sha256}, ${JSON.stringify(table.rows)}::jsonb, ${by}) returning id`;
  return { ok: true, id: row?.id ?? 0 };
}

/** `campaignYear` is where to look at what was written. */
type Stored = { added: number; known: number; faulty: number; campaignYear: number };
type StoreFault =
  | "notFound"
  | "fileKnown"
  | "needsColumns"
  | "needsNumber"
  | "otherAmount"
  | "nothingToStore";

/**
 * Writes what the file says by these columns, which are remembered for files with the same headers. Rows with a fault
 * are left out and counted; what is there already is known, not doubled.
 */
export function storeFile(input: StoreInput, by: By): Promise<Result<Stored, StoreFault>> {
  const fact = ({ added, known, faulty }: Stored): AuditFact => ({
    userId: by,
    action: "transfer.imported",
    subject: "transfer",
    data: { fileId: input.id, added, known, faulty },
  });
  return audited(fact, async (client): Promise<Result<Stored, StoreFault>> => {
    const [file] = await sqlOn(client)<{ kind: FileKind; cells: Cell[][] | null; stored: boolean }>`
      select kind, cells, exists (select from transfer_files other where other.kind = f.kind and other.sha256 = f.sha256
        and other.stored_at is not null and other.undone_at is null) as stored
      from transfer_files f where id = ${input.id} for update`;
    if (!file) return refused("notFound");
    if (!file.cells || file.stored) return refused("fileKnown", { id: input.id });
    const mapping = mappingOf(file.kind, input);
    if (requiredOf[file.kind].some((column) => mapping[column] === undefined)) return refused("needsColumns");
    const headers = findHeaders(file.cells, file.kind);
    const write = file.kind === "list" ? storeList : storeStatement;
    const stored = await write(client, file.cells, headers + 1, mapping, input);
    if (!stored.ok) return stored;
    await sqlOn(client)`
      insert into column_mappings (fingerprint, columns)
      values (${fingerprintOf(file.cells[headers] ?? [], file.kind)}, ${JSON.stringify(mapping)}::jsonb)
      on conflict (fingerprint) do update set columns = excluded.columns, updated_at = now()`;
    await sqlOn(client)`
      update transfer_files set cells = null, stored_at = now(), added = ${stored.added}, known = ${stored.known},
        faulty = ${stored.faulty} where id = ${input.id}`;
    return stored;
  });
}

type Write = (
  client: Runner,
  cells: Cell[][],
  from: number,
  mapping: ReturnType<typeof mappingOf>,
  input: StoreInput,
) => Promise<Result<Stored, StoreFault>>;

const storeList: Write = async (client, cells, from, mapping, { id, campaignYear, number }) => {
  const { lines, faults } = readLines(cells, from, mapping);
  if (lines.length === 0) return refused("nothingToStore");
  if (!number && lines.some((line) => line.number === null)) return refused("needsNumber");
  const on = sqlOn(client);
  const told = lines.map((line) => ({ ...line, number: line.number ?? number }));
  await on`
    insert into transfers (campaign_year, number)
    select ${campaignYear}, n from (select distinct unnest(${told.map((line) => line.number)}::int[]) as n) numbers order by n
    on conflict do nothing`;
  const rows = await on`
    insert into transfer_lines (transfer_id, file_id, row, siret, name, place, formation, cents, fingerprint)
    select t.id, ${id}, l.row, l.siret, l.name, l.place, l.formation, l.cents, l.fingerprint
    from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as l (number int, row int, siret text, name text, place text,
      formation text, cents bigint, fingerprint text)
    join transfers t on t.campaign_year = ${campaignYear} and t.number = l.number
    on conflict (transfer_id, fingerprint) do nothing returning 1`;
  const faulty = new Set(faults.map(({ row }) => row)).size;
  return { ok: true, added: rows.length, known: lines.length - rows.length, faulty, campaignYear };
};

/** The bank's amount of a transfer is written once; another one for the same number is refused, whoever is right. */
const storeStatement: Write = async (client, cells, from, mapping, { id }) => {
  const { transfers, faults } = readStatement(cells, from, mapping);
  const told = transfers.filter((transfer) => transfer.number !== null);
  if (told.length === 0) return refused("nothingToStore");
  let added = 0;
  for (const { campaignYear, number, cents, day, label, siret } of told) {
    const rows = await sqlOn(client)`
      insert into transfers (campaign_year, number, bank_cents, value_date, label, siret, bank_file_id)
      values (${campaignYear}, ${number}, ${cents}, ${day}::date, ${label}, ${siret}, ${id})
      on conflict (campaign_year, number) do update set bank_cents = excluded.bank_cents, value_date = excluded.value_date,
        label = excluded.label, siret = excluded.siret, bank_file_id = excluded.bank_file_id, version = transfers.version + 1
      where transfers.bank_cents is null returning 1`;
    if (rows.length > 0) added++;
    else if (!(await isSame(client, campaignYear, Number(number), cents)))
      return refused("otherAmount", { year: String(campaignYear), number: Number(number) });
  }
  const faulty = new Set(faults.map(({ row }) => row)).size + transfers.length - told.length;
  return { ok: true, added, known: told.length - added, faulty, campaignYear: Number(told[0]?.campaignYear) };
};

async function isSame(client: Runner, campaignYear: number, number: number, cents: number): Promise<boolean> {
  const rows = await sqlOn(client)`
    select from transfers where campaign_year = ${campaignYear} and number = ${number} and bank_cents = ${cents}`;
  return rows.length === 1;
}
