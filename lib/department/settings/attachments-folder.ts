/**
 * Where attachments are kept: the database, or a folder that an administrator chose and that was tried as they did. The
 * folder bears the mark of this installation: without it a disk is not mounted, or the folder is another's, and nothing is
 * written or removed there.
 */
import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { z } from "zod";
import { actOn, auditedRows, type By } from "#lib/department/audit/mutations";
import type { attachmentsInput } from "#lib/department/settings/schema";
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { attachmentsHome } from "#lib/machine/installation/witness";
import { ok } from "#lib/machine/result";

const mark = "src-crm.installation";

/** As it is kept, or null: in the database. See `pathOf`. */
export async function findAttachmentsFolder(): Promise<string | null> {
  const [row] = await sql<{
    folder: string | null;
  }>`select attachments_folder as folder from settings where id = 1`;
  return row?.folder ?? null;
}

/** What is kept inside .data is found again when all of it is moved. */
export const pathOf = (folder: string) => (isAbsolute(folder) ? folder : join(env.dataDir, folder));

/** Whether it is there, and ours. */
export async function isThere(folder: string): Promise<boolean> {
  const said = await fs.readFile(join(pathOf(folder), mark), "utf8").catch(() => null);
  return said !== null && said.trim() === (await installationId());
}

async function installationId(): Promise<string> {
  const [row] = await sql<{ uuid: string | null }>`select uuid::text from installation`;
  if (!row?.uuid) throw new Error("no worker has run yet: this installation has no name");
  return row.uuid;
}

/** For what is joined from now on; an empty path: the database. What was joined stays where it is. */
export async function saveAttachmentsFolder({ folder }: z.output<typeof attachmentsInput>, by: By) {
  const tried = folder === "" ? { kept: null } : await tryFolder(folder);
  if ("fault" in tried) return { ok: false as const, fields: { folder: `settings.errors.${tried.fault}` } };
  return auditedRows(actOn("settings.attachments", 1, by), async (rows) => {
    await rows.settings.update({
      where: { id: 1 },
      data: { attachmentsFolder: tried.kept },
      select: { id: true },
    });
    return ok;
  });
}

type Tried =
  | { kept: string }
  | { fault: "folderRelative" | "folderMissing" | "folderInside" | "folderLocked" | "folderTaken" };

/** Written in for real, as the account that web and worker run under. */
async function tryFolder(given: string): Promise<Tried> {
  if (!isAbsolute(given)) return { fault: "folderRelative" };
  if (given === attachmentsHome()) await fs.mkdir(given, { recursive: true, mode: 0o700 }).catch(() => {});
  const there = await fs.stat(given).catch(() => null);
  if (!there?.isDirectory()) return { fault: "folderMissing" };
  const path = await fs.realpath(given);
  const home = await fs.realpath(attachmentsHome()).catch(() => attachmentsHome());
  if (path !== home && (await touchesOurs(path))) return { fault: "folderInside" };
  const id = await installationId();
  const marked = await fs.readFile(join(path, mark), "utf8").catch(() => null);
  if (marked !== null && marked.trim() !== id) return { fault: "folderTaken" };
  try {
    await writeDurably(join(path, mark), Buffer.from(`${id}\n`));
  } catch {
    return { fault: "folderLocked" };
  }
  return { kept: path === home ? relative(env.dataDir, attachmentsHome()) : path };
}

/** The application’s own folder and what is in it, its data, and what holds them. */
async function touchesOurs(path: string): Promise<boolean> {
  for (const own of [resolve(/* turbopackIgnore: true */ "."), env.dataDir]) {
    const real = await fs.realpath(own).catch(() => own);
    if (`${path}/`.startsWith(`${real}/`) || `${real}/`.startsWith(path === "/" ? "/" : `${path}/`))
      return true;
  }
  return false;
}

/** Beside it first, on disk, then in its place: whole or not at all, whatever is cut. @throws what the disk says. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}.part`;
  try {
    const file = await fs.open(draft, "w", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(draft, path);
    await syncFolder(join(path, ".."));
  } finally {
    await fs.rm(draft, { force: true });
  }
}

/** A name is on disk once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await fs.open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
