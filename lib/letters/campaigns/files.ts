/** Files that letters link to: documents that everybody can open, known by what they hold, never by their name. */
import { createHash } from "node:crypto";
import { fileTypeFromBuffer } from "file-type";
import { recordAudit } from "#lib/department/audit/mutations";
import { db, sqlOn, transaction } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";

export const maxFileBytes = 25 * 1024 * 1024;

/** No archive and nothing with macros: mail programs warn of them, rightly. */
const kinds = new Set(["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "ics"]);

/** A name that says nothing and cannot be guessed: the first half of the content’s SHA-256. */
export const nameFor = (bytes: Uint8Array, extension: string) =>
  `${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.${extension}`;

/** Keeps a file once and answers its name. Refusals: tooBig (25 MB), notAFile (another kind, or empty). */
export async function keepFile(
  bytes: Uint8Array,
  title: string,
  by: number,
): Promise<Result<{ name: string; title: string }, "tooBig" | "notAFile">> {
  if (bytes.length > maxFileBytes) return refused("tooBig");
  const kind = await fileTypeFromBuffer(bytes);
  if (!kind || !kinds.has(kind.ext)) return refused("notAFile");
  const name = nameFor(bytes, kind.ext);
  const shown = titleFor(title, kind.ext);
  await transaction(async (client) => {
    await sqlOn(client)`
      insert into campaign_files (name, title, type, bytes) values (${name}, ${shown}, ${kind.mime}, ${bytes})
      on conflict (name) do update set title = excluded.title`;
    await recordAudit({ userId: by, action: "file.added", subject: "file", data: { name } }, client);
  });
  return { ok: true, name, title: shown };
}

/** The file of that name; null when there is none. */
export function findFile(name: string) {
  return db.campaignFile.findUnique({ where: { name }, select: { title: true, type: true, bytes: true } });
}

/** What readers save it as: the name it had, without what a file system or a header would trip over, ending as it is. */
function titleFor(given: string, extension: string): string {
  const stem = given
    .normalize("NFC")
    .replace(/\.[^.]*$/, "")
    .replace(/[\p{C}\\/:*?"<>|;%]+/gu, " ")
    .trim()
    .slice(0, 120);
  return `${stem || "document"}.${extension}`;
}
