/**
 * What is remembered of the database outside it, beside the key: which life it was in, and how far it had come. A backup
 * put back is behind it. One file a database, read and written by every worker of this machine.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { env } from "#lib/machine/env";
import { Explained } from "#lib/machine/explained";

const witnessSchema = z.object({ generation: z.number().int(), beat: z.number().int() });
export type Witness = z.infer<typeof witnessSchema>;

export const witnessFolder = () => join(env.dataDir, "generations");
/** Who is not to be written to, beside the database (lib/people/suppressions/beside.ts). */
export const oppositionsFolder = () => join(env.dataDir, "oppositions");
/** Attachments of letters, when an administrator chose it over the database. */
export const attachmentsHome = () => join(env.dataDir, "attachments");
const fileOf = (uuid: string) => join(witnessFolder(), `${uuid}.json`);

/** Null when there is none. @throws Explained when it cannot be read: then nothing may be concluded from it. */
export function readWitness(uuid: string): Witness | null {
  let text: string;
  try {
    text = readFileSync(fileOf(uuid), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw unreadable(uuid, error);
  }
  // Written whole or not at all: what is not ours was written by somebody else, and vouches for nothing.
  const read = witnessSchema.safeParse(parsed(text));
  return read.success ? read.data : null;
}

/** Never less than what is there: another worker of this machine may have gone further. */
export function writeWitness(uuid: string, witness: Witness): void {
  const there = readWitness(uuid);
  if (there && isAhead(there, witness)) return;
  mkdirSync(witnessFolder(), { recursive: true, mode: 0o700 });
  const draft = `${fileOf(uuid)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(witness), { mode: 0o600 });
  renameSync(draft, fileOf(uuid));
}

export const removeWitness = (uuid: string) => rmSync(fileOf(uuid), { force: true });

/** Whether `one` tells of a later moment than `other`. */
export const isAhead = (one: Witness, other: Witness): boolean =>
  one.generation === other.generation ? one.beat > other.beat : one.generation > other.generation;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const unreadable = (uuid: string, error: unknown) =>
  new Explained(
    `${fileOf(uuid)} est illisible. Lancez la commande avec l’utilisateur qui a fait l’installation.`,
    `${fileOf(uuid)} cannot be read. Run the command as the user who installed.`,
    error,
  );
