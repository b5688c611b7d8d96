/** Rows into a temporary table with COPY, on the connection of the import's transaction. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { hashAddress } from "#lib/machine/seal";
import { rowHash, type StagedRow } from "#lib/sites/sources/rules";
import type { Skimmed } from "#lib/sites/sources/skim";

/** What apply.ts fills beside what is copied: whom the row is, and what became of it. */
const createStaged = (kept: boolean) => `
  create temp table staged (
    n int primary key, line int not null, external_id text not null, row_hash bytea not null,
    kind "ContactKind", first_name text not null, last_name text not null, graduation_year int,
    phone text not null, street text not null, postcode text not null, city text not null, country text not null,
    website text not null, locale text not null,
    organisation_name text, organisation_siret text, job_title text, role "AffiliationRole",
    addresses jsonb not null, subscriptions jsonb not null, clears text[] not null, partial boolean not null,
    contact_id int, identity_id int, organisation_id int,
    -- same: its hash is the one last seen; created: it gets a new contact; archived: staff put the contact away.
    same boolean not null default false, created boolean not null default false, archived boolean not null default false,
    -- moved: its postal address is another one; employer: its organisation is news; ambiguous: its name is two organisations.
    moved boolean not null default false, employer boolean not null default false, ambiguous boolean not null default false,
    -- history: what is written, by field: [before, after].
    -- waits: not now; wanted, refused: of what was proposed, null outside a decision; open: left for later, its last word too.
    waits boolean not null default false, wanted text[], refused text[] not null default '{}', open text[] not null default '{}',
    -- questions: both sides changed a field: [ours, theirs].
    questions jsonb not null default '{}', said_at timestamptz,
    -- skimmed: its text is the one last written, and it was not read.
    text_hash bytea, skimmed boolean not null,
    problem text, problem_value text, changes text[] not null default '{}', history jsonb not null default '{}'
  ) ${kept ? "" : "on commit drop"}`;

const columns = `n, line, external_id, row_hash, kind, first_name, last_name, graduation_year, phone, street, postcode, city,
  country, website, locale, organisation_name, organisation_siret, job_title, role, addresses, subscriptions, said_at, clears, partial, text_hash, skimmed`;

/** Copies `rows` as they come; returns how many. Must run inside a transaction; `kept`, the table outlives it. */
export async function stage(
  client: pg.PoolClient,
  rows: AsyncIterable<StagedRow | Skimmed>,
  kept = false,
): Promise<number> {
  await client.query(createStaged(kept));
  let count = 0;
  async function* lines() {
    let waiting = "";
    for await (const row of rows) {
      waiting += "skimmed" in row ? skimmedLine(++count, row) : copyLine(++count, row);
      // A message to the server for each line would cost more than the line.
      if (waiting.length > 8192) {
        yield waiting;
        waiting = "";
      }
    }
    yield waiting;
  }
  const target = client.query(copyFrom(`copy staged (${columns}) from stdin`));
  await pipeline(Readable.from(lines(), { highWaterMark: 1 }), target);
  await client.query("create index on staged (external_id)");
  await client.query("analyze staged");
  return count;
}

function copyLine(n: number, row: StagedRow): string {
  const addresses = row.addresses.map((address) => ({
    address,
    hash: Buffer.from(hashAddress(address)).toString("hex"),
  }));
  const { organisation } = row;
  const values = [
    n,
    row.line,
    row.externalId,
    `\\x${rowHash(row).toString("hex")}`,
    row.kind,
    row.firstName,
    row.lastName,
    row.graduationYear,
    row.phone,
    row.street,
    row.postcode,
    row.city,
    row.country,
    row.website,
    row.locale,
    organisation?.name ?? null,
    organisation?.siret || null,
    organisation?.jobTitle ?? null,
    organisation?.role ?? null,
    JSON.stringify(addresses),
    JSON.stringify(row.subscriptions),
    row.saidAt,
    `{${(row.clears ?? []).join(",")}}`,
    row.partial ? "t" : "f",
    row.textHash ? `\\x${row.textHash.toString("hex")}` : null,
    "f",
  ];
  return `${values.map(copyValue).join("\t")}\n`;
}

/** Only what says which row it is: identify.ts finds it as it was, or leaves it. */
const skimmedLine = (n: number, { line, id, known }: Skimmed) =>
  `${n}\t${line}\t${copyValue(id)}\t\\\\x${known.rowHash.toString("hex")}\t\\N${"\t".repeat(2)}\t\\N${"\t".repeat(7)}\t\\N\t\\N\t\\N\t\\N\t[]\t[]\t\\N\t{}\tf\t\\\\x${known.textHash.toString("hex")}\tt\n`;

const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

const copyValue = (value: string | number | null) =>
  value === null ? "\\N" : String(value).replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found);
