/** The letter really sent: composed as a teacher would, launched by the worker, answered by its readers. */

import { accountId } from "#demo/accounts";
import { draftName, letterName, letterWords, otherSegments, readers } from "#demo/letter";
import { paintEvening } from "#demo/picture";
import { getHouse } from "#lib/department/settings/house";
import { countAudience } from "#lib/letters/campaigns/audience";
import { keepImage } from "#lib/letters/campaigns/images";
import { createCampaign, requestLaunch, saveDraft } from "#lib/letters/campaigns/mutations";
import { db } from "#lib/machine/db";
import { createSegment } from "#lib/people/segments/mutations";

export async function ensureSegments(): Promise<void> {
  for (const { name, criteria } of [readers, ...otherSegments]) {
    if ((await db.segment.count({ where: { name } })) === 0) await createSegment(name, criteria, null);
  }
}

/** The letter's number; made at the first call, launched by none but the first that finds it a draft. */
export async function launchLetter(): Promise<number> {
  const id = await ensureDraft();
  const { status, topicId } = await db.campaign.findUniqueOrThrow({
    where: { id },
    select: { status: true, topicId: true },
  });
  if (status !== "draft") return id;
  const { recipients } = await countAudience({ topicId, criteria: readers.criteria });
  const asked = await requestLaunch(id, recipients, null);
  if (!asked.ok) throw new Error(`the letter may not be launched: ${asked.reason}`);
  return id;
}

async function ensureDraft(): Promise<number> {
  const found = await db.campaign.findFirst({
    where: { name: letterName },
    select: { id: true, version: true, status: true, subject: true },
  });
  if (found && (found.status !== "draft" || found.subject !== "")) return found.id;
  const author = await accountId("teacher");
  const id = found?.id ?? (await createCampaign("src", letterName, author)).id;
  const { version, topicId, identityId } = await db.campaign.findUniqueOrThrow({
    where: { id },
    select: { version: true, topicId: true, identityId: true },
  });
  const segment = await db.segment.findFirstOrThrow({ where: { name: readers.name }, select: { id: true } });
  const words = letterWords(await keepPicture(author));
  const saved = await saveDraft(id, version, {
    name: letterName,
    topicId,
    identityId,
    segmentId: segment.id,
    ...words,
  });
  if (!saved.ok) throw new Error(`the letter was not saved: ${saved.reason}`);
  return id;
}

async function keepPicture(author: number): Promise<string> {
  const kept = await keepImage(paintEvening(), author);
  if (!kept.ok) throw new Error(`the picture was not kept: ${kept.reason}`);
  const { publicUrl } = await getHouse();
  return `${publicUrl}/api/images/${kept.name}`;
}

/** A letter begun, for whoever opens the list of campaigns. */
export async function ensureBegunDraft(): Promise<void> {
  if ((await db.campaign.count({ where: { name: draftName } })) === 0)
    await createCampaign("4media", draftName, await accountId("teacher"));
}
