/** Pictures of newsletters: cleaned before anybody sees them, named by what is left. */
import { recordAudit } from "#lib/department/audit/mutations";
import { nameFor } from "#lib/letters/campaigns/files";
import { db, sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { cleanPicture, type Extension, type PictureFault } from "#lib/machine/pictures/clean";
import type { Result } from "#lib/machine/result";

/** Twice the column of a letter, for screens with two pixels in a point; a tall poster still fits. */
const box = { width: 1200, height: 2400 };

/** Keeps a picture once and answers its name, such as `3f…9a.png`. Its refusals are those of cleanPicture. */
export async function keepImage(
  bytes: Uint8Array,
  by: number,
): Promise<Result<{ name: string }, PictureFault>> {
  const cleaned = await cleanPicture(bytes, { box });
  if (!cleaned.ok) return cleaned;
  const { picture } = cleaned;
  const name = nameFor(picture.bytes, picture.extension);
  await transaction(async (client) => {
    await sqlOn(client)`
      insert into campaign_images (name, type, bytes, cleaned_at)
      values (${name}, ${picture.type}, ${picture.bytes}, now()) on conflict (name) do nothing`;
    await recordAudit({ userId: by, action: "image.added", subject: "image", data: { name } }, client);
  });
  return { ok: true, name };
}

/**
 * The picture of that name, clean whenever it came; null when there is none that can be shown.
 * @unaudited What was kept before pictures were cleaned is, by whoever shows it first.
 */
export async function findImage(name: string) {
  const image = await db.campaignImage.findUnique({
    where: { name, withheldAt: null },
    select: { type: true, bytes: true, cleanedAt: true },
  });
  if (!image) return null;
  return image.cleanedAt ? image : cleanStored(name, image.bytes);
}

/** A task: cleans what was kept before pictures were, one at a time, until none is left. */
export async function cleanStoredImages(): Promise<void> {
  for (;;) {
    const [image] = await sql<{ name: string; bytes: Buffer }>`
      select name, bytes from campaign_images where cleaned_at is null and withheld_at is null limit 1`;
    if (!image) return;
    await cleanStored(image.name, image.bytes);
  }
}

/** Under the name it was sent with. What cannot be opened is withheld, not deleted: a better decoder may come. */
async function cleanStored(name: string, bytes: Uint8Array) {
  const as = (/\.(jpg|png|gif)$/.exec(name)?.[1] ?? "jpg") as Extension;
  const cleaned = await cleanPicture(bytes, { box, as, lenient: true });
  if (!cleaned.ok) {
    log.warn({ image: name, reason: cleaned.reason }, "picture withheld");
    await sql`update campaign_images set withheld_at = now() where name = ${name} and cleaned_at is null`;
    return null;
  }
  const { picture } = cleaned;
  await sql`
    update campaign_images set bytes = ${picture.bytes}, type = ${picture.type}, cleaned_at = now()
    where name = ${name} and cleaned_at is null`;
  return { type: picture.type, bytes: picture.bytes, cleanedAt: new Date() };
}
