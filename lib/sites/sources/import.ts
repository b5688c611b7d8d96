/** A file into the contact book, inside the caller's transaction: all of it or nothing. */
import type pg from "pg";
import { sql } from "#lib/machine/db";
import { type Applied, apply, find, type Observed, type Origin, problems } from "#lib/sites/sources/apply";
import type { Told } from "#lib/sites/sources/decode";
import type { Dialect } from "#lib/sites/sources/dialect";
import { limits, type RowError } from "#lib/sites/sources/format";
import { readContacts } from "#lib/sites/sources/read";
import { judge, judging, type KnownTopics, type StagedRow } from "#lib/sites/sources/rules";
import type { KnownText, Skimmed } from "#lib/sites/sources/skim";
import { stage } from "#lib/sites/sources/stage";
import { unpack } from "#lib/sites/sources/unpack";

/** What a run counts. `errors` holds the first 1 000 (limits.recordedErrors); `rejected` and `notes` count them all. */
export type Report = Applied & {
  rowsRead: number;
  /** Rows that are somebody we know, and people it looks at to write; null until it knows. */
  matched: number | null;
  toWrite: number | null;
  notes: number;
  errors: RowError[];
};

export const emptyReport = (): Report => ({
  rowsRead: 0,
  matched: null,
  toWrite: null,
  created: 0,
  updated: 0,
  unchanged: 0,
  archived: 0,
  rejected: 0,
  notes: 0,
  errors: [],
});

/** Where a file comes from, and what its site said of it. */
/** `stop` ends the reading where it waits for the book: only the statements of the run itself are cancelled from outside. */
export type FileOrigin = Origin & {
  sourceKey: string;
  told?: Told;
  dialect?: Dialect | null;
  stop?: AbortSignal;
};

/**
 * Reads, judges, stages and applies. `report` is filled as the file is read, so a caller can show progress and keep
 * the row errors of a file that is refused half-way.
 * @unaudited The run is its own entry: from where, when, and what came of it.
 */
export async function importContacts(
  client: pg.PoolClient,
  bytes: AsyncIterable<Uint8Array>,
  origin: FileOrigin,
  report: Report,
): Promise<Observed> {
  await readIn(client, bytes, origin, report);
  return writeAtOnce(client, origin, report);
}

/** The rows of a file staged and known: whom they are, and what is to be written. Nothing is. */
export async function readIn(
  client: pg.PoolClient,
  bytes: AsyncIterable<Uint8Array>,
  origin: FileOrigin,
  report: Report,
): Promise<void> {
  const topics = await knownTopics(client);
  await stage(client, accepted(bytes, origin, topics, report), origin.kept);
  await client.query("savepoint staged");
  report.matched = await find(client, origin);
}

/** What `readIn` found, written in this transaction. */
export async function writeAtOnce(client: pg.PoolClient, origin: Origin, report: Report): Promise<Observed> {
  const { applied, ambiguous, observed } = await applyOnce(client, origin);
  await completeReport(client, report, applied, ambiguous);
  return observed;
}

/** With what only the database could say. */
export async function completeReport(
  client: pg.PoolClient,
  report: Report,
  applied: Applied,
  ambiguous: number,
): Promise<void> {
  const room = limits.recordedErrors - report.errors.length;
  report.errors.push(...(await problems(client, room)));
  report.errors.sort((a, b) => a.line - b.line);
  const rejected = report.rejected + applied.rejected;
  Object.assign(report, applied, { rejected, notes: report.notes + ambiguous });
}

async function* accepted(
  bytes: AsyncIterable<Uint8Array>,
  { sourceId, sourceKey, told = {}, dialect, replay, stop }: FileOrigin,
  topics: KnownTopics,
  report: Report,
): AsyncGenerator<StagedRow | Skimmed> {
  told.onUtf8 = (declared) => {
    report.notes++;
    report.errors.push({ line: 1, field: "encoding", reason: "charset", value: declared, rejected: false });
  };
  // What is compared with the book itself is read whole.
  const known = replay
    ? null
    : {
        context: contextOf(topics),
        lookUp: (ids: string[]) => unlessStopped(findTexts(sourceId, ids), stop),
      };
  for await (const raw of readContacts(unpack(bytes), sourceKey, told, known, dialect)) {
    report.rowsRead++;
    if ("skimmed" in raw) {
      yield raw;
      continue;
    }
    const { row, errors } = judge(raw, topics);
    if (row) yield row;
    else report.rejected++;
    report.notes += errors.filter((error) => !error.rejected).length;
    const room = limits.recordedErrors - report.errors.length;
    if (room > 0) report.errors.push(...errors.slice(0, room));
  }
}

/** Someone at a screen may take an address between our look and our write: then look again. */
async function applyOnce(client: pg.PoolClient, origin: Origin): ReturnType<typeof apply> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await apply(client, origin);
    } catch (error) {
      if (!isRaced(error) || attempt === 3) throw error;
      await lookAgain(client, origin);
    }
  }
}

/** Back to what was staged, and who it is now. */
export async function lookAgain(client: pg.PoolClient, origin: Origin): Promise<void> {
  await client.query("rollback to savepoint staged");
  await find(client, origin);
}

export const isRaced = (error: unknown): boolean =>
  ["23505", "40P01", "23503"].includes((error as { code?: string }).code ?? "");

const contextOf = (topics: KnownTopics) => JSON.stringify([judging, [...topics].sort()]);

/** Of rows that were written whole and are remembered. */
async function findTexts(sourceId: number, ids: string[]): Promise<Map<string, KnownText>> {
  const rows = await sql<KnownText & { id: string }>`
    select e.external_id as id, e.text_hash as "textHash", e.row_hash as "rowHash" from external_identities e
    join remembered_rows r on r.identity_id = e.id
    where e.source_id = ${sourceId} and e.external_id = any (${ids}::text[]) and e.text_hash is not null and e.row_hash is not null`;
  return new Map(rows.map(({ id, ...known }) => [id, known]));
}

async function unlessStopped<T>(work: Promise<T>, stop: AbortSignal | undefined): Promise<T> {
  if (!stop) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const give = () => reject(stop.reason);
  stop.addEventListener("abort", give, { once: true });
  if (stop.aborted) give();
  return Promise.race([work, promise]).finally(() => stop.removeEventListener("abort", give));
}

async function knownTopics(client: pg.PoolClient): Promise<KnownTopics> {
  const { rows } = await client.query<{ key: string; legalBasis: string }>(
    'select key, legal_basis as "legalBasis" from topics',
  );
  return new Map(rows.map((topic) => [topic.key, { needsProof: topic.legalBasis === "consent" }]));
}
