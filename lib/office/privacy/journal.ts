/**
 * The journal of erasures, kept outside the database: a backup put back would bring the erased back too, and this is
 * what they are erased again by. One line of JSON an erasure, written and on disk before the database is touched.
 */
import { existsSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { env } from "#lib/machine/env";

export const whys = ["request", "useless", "silence"] as const;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const entrySchema = z.object({
  id: z.uuid(),
  /** When it was asked for. */
  at: z.iso.datetime(),
  why: z.enum(whys),
  by: z.number().int().nullable(),
  /** Found again without an address by these two together: after a restore an id may be somebody else's. */
  contact: z.object({ id: z.number().int(), createdAt: z.iso.datetime() }),
  /** hashAddress() of each address. */
  addresses: z.array(hash),
  /** Of the names that sources knew the person by. */
  identities: z.array(hash),
});
export type JournalEntry = z.infer<typeof entrySchema>;

export const journalFile = () => join(env.dataDir, "erasures.jsonl");

/**
 * Appends and flushes to disk, on a line of its own: one that a crash cut short must not swallow this one.
 * @throws when it cannot: then nothing may be erased.
 */
export async function writeJournal(entry: JournalEntry): Promise<void> {
  await mkdir(env.dataDir, { recursive: true });
  const file = await open(journalFile(), "a", 0o600);
  try {
    await file.appendFile(`\n${JSON.stringify(entry)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** All entries, oldest first. The line that a crash cut short was of an erasure that had not begun: it is passed over. */
export async function readJournal(path = journalFile()): Promise<JournalEntry[]> {
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, "utf8")).split("\n").filter(Boolean);
  return lines.flatMap((line) => {
    const entry = entrySchema.safeParse(parsed(line));
    return entry.success ? [entry.data] : [];
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
