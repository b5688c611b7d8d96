/**
 * The oppositions, also kept outside the database: what readers say by a link between a backup and its return is in no
 * mailbox, and nowhere else. One line of JSON an opposition, or its end; of an address, the keyed hash alone.
 */
import { existsSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { SuppressionReason } from "#db/enums";
import { sql } from "#lib/machine/db";
import { oppositionsFolder } from "#lib/machine/installation/witness";

const lineSchema = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  topic: z.number().int().nullable(),
  reason: z.enum(SuppressionReason),
  /** When it was said, or ended. */
  at: z.iso.datetime(),
  stands: z.boolean(),
});
type Line = z.infer<typeof lineSchema>;

/** A transaction may show its rows so many numbers, or so long after their date. */
const LATE = { numbers: 10_000, minutes: 10 };

/** One file a database: its name is the installation's own, which a backup has too. */
export const oppositionsFile = (uuid: string) => join(oppositionsFolder(), `${uuid}.jsonl`);

/**
 * What this process wrote of this life of the database, and how far it has looked: numbers of another life may begin lower.
 * Of what is written, only as much as the next look may find again.
 */
type Known = { path: string; generation: number; written: Set<string>; id: number; at: string };
let known: Known | undefined;

/**
 * Appends what is new in the database, and flushes. Call it every few seconds, while nothing is held. Returns how many.
 * @throws when it cannot be written.
 */
export async function keepOppositions(): Promise<number> {
  const here = await findThis();
  if (!here) return 0;
  const { path, generation, at } = here;
  if (known?.path !== path || known.generation !== generation) {
    const written = new Set((await readLines(path)).map(keyOf));
    known = { path, generation, written, id: 0, at: new Date(0).toISOString() };
  }
  const { written, id } = known;
  const found = await listSince(known);
  const lines = found.filter((line) => !written.has(keyOf(line)));
  if (lines.length > 0) await append(path, lines);
  known = { path, generation, written: new Set(found.map(keyOf)), id: found.at(-1)?.id ?? id, at };
  return lines.length;
}

const keyOf = ({ hash, topic, reason, at, stands }: Line) => `${hash} ${topic} ${reason} ${at} ${stands}`;

/** By number, since a list that is taken over brings dates of long ago; what ended, by its date. */
const listSince = ({ id, at }: Known) => sql<Line & { id: number }>`
  select id, encode(address_hash, 'hex') as hash, topic_id as topic, reason::text as reason, stands,
    to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
  from (
    select *, created_at as at, true as stands from suppressions where id > ${id - LATE.numbers}
    union all
    select *, lifted_at as at, false as stands from suppressions
    where lifted_at > ${at}::timestamptz - make_interval(mins => ${LATE.minutes})
  ) said order by id, stands desc`;

/**
 * In a database put back: what had been said by then, and still stood, stands again. Nothing is lifted. Returns how many.
 * @unaudited Nobody does it; the row of `restores` keeps how many.
 */
export async function putOppositionsBack(): Promise<number> {
  const here = await findThis();
  if (!here) return 0;
  const last = new Map<string, Line>();
  for (const line of await readLines(here.path)) {
    const key = `${line.hash} ${line.topic} ${line.reason}`;
    const other = last.get(key);
    if (!other || line.at >= other.at) last.set(key, line);
  }
  const standing = [...last.values()].filter(({ stands }) => stands);
  const rows = await sql`
    insert into suppressions (address_hash, topic_id, reason, created_at)
    select decode(l.hash, 'hex'), l.topic, l.reason::"SuppressionReason", l.at
    from jsonb_to_recordset(${JSON.stringify(standing)}::jsonb) as l (hash text, topic int, reason text, at timestamptz)
    where (l.topic is null or exists (select from topics t where t.id = l.topic))
      and not exists (
        select from suppressions s
        where s.address_hash = decode(l.hash, 'hex') and s.topic_id is not distinct from l.topic
          and s.reason = l.reason::"SuppressionReason" and (s.lifted_at is null or s.lifted_at >= l.at))
    on conflict (address_hash, topic_id, reason) where lifted_at is null do nothing
    returning id`;
  return rows.length;
}

/** `at`: by the database's clock, before anything is looked for. */
async function findThis(): Promise<Pick<Known, "path" | "generation" | "at"> | null> {
  const [row] = await sql<{ uuid: string | null; generation: number; at: Date }>`
    select uuid, generation, clock_timestamp() as at from installation`;
  if (!row?.uuid) return null;
  return { path: oppositionsFile(row.uuid), generation: row.generation, at: row.at.toISOString() };
}

/** Lines that one write takes whole: another worker's come before or after them. */
const AT_ONCE = 1_000;

async function append(path: string, lines: Line[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a", 0o600);
  try {
    for (let i = 0; i < lines.length; i += AT_ONCE) {
      const some = lines.slice(i, i + AT_ONCE).map((line) => JSON.stringify(lineSchema.parse(line)));
      // A line that a crash cut short ends here, not in the middle of the next.
      await file.appendFile(["", ...some, ""].join("\n"));
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Oldest first, and no more of the file in memory than a line. One that a crash cut short is written again by whoever comes next. */
async function readLines(path: string): Promise<Line[]> {
  if (!existsSync(path)) return [];
  const lines: Line[] = [];
  const file = await open(path);
  for await (const text of file.readLines()) {
    const line = lineSchema.safeParse(parsed(text));
    if (line.success) lines.push(line.data);
  }
  return lines;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
