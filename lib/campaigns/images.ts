/** Pictures of newsletters: what a mail client shows everywhere (PNG, JPEG, GIF), named by their content. */
import { createHash } from "node:crypto";
import { db } from "#lib/db";
import { type Result, refused } from "#lib/result";

export const maxImageBytes = 2 * 1024 * 1024;

const kinds = [
  { extension: "png", type: "image/png", magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { extension: "jpg", type: "image/jpeg", magic: [0xff, 0xd8, 0xff] },
  { extension: "gif", type: "image/gif", magic: [0x47, 0x49, 0x46, 0x38] },
];

/** What the bytes say they are, whatever the file was called; null for anything else. */
export function imageKind(bytes: Uint8Array) {
  return kinds.find(({ magic }) => magic.every((byte, i) => bytes[i] === byte)) ?? null;
}

/** Keeps a picture once and answers its name, such as `3f…9a.png`. Refusals: tooBig (2 MB), notAnImage. */
export async function keepImage(bytes: Uint8Array<ArrayBuffer>): Promise<Result<{ name: string }>> {
  if (bytes.length > maxImageBytes) return refused("tooBig");
  const kind = imageKind(bytes);
  if (!kind) return refused("notAnImage");
  const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.${kind.extension}`;
  await db.campaignImage.createMany({ data: { name, type: kind.type, bytes }, skipDuplicates: true });
  return { ok: true, name };
}

/** The picture of that name; null when there is none. */
export function findImage(name: string) {
  return db.campaignImage.findUnique({ where: { name }, select: { type: true, bytes: true } });
}
