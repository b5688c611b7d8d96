/**
 * The worker's reader of Sent folders: counts what people sent by hand, and settles the deliveries nobody heard back
 * about. It reads Message-IDs by number and date and asks no server to search headers: some search an index that is
 * late, and some have none.
 */

import { judgeAbsence, ordinaryWaits, type Waits } from "#lib/letters/deliveries/evidence";
import { compare, type Lost, listLost, recordLooks, recordSeen } from "#lib/letters/deliveries/lookups";
import { settleFound, settleNotFound, settleRestored } from "#lib/letters/deliveries/unknown";
import { failureOf } from "#lib/letters/relays/failure";
import { pool, transaction } from "#lib/machine/db";
import { backOff, holding, LeaseLost } from "#lib/machine/lease";
import { log } from "#lib/machine/log";
import { type Identified, identify, ours } from "#lib/returns/mailbox/copies";
import { fileCopies } from "#lib/returns/mailbox/file-copies";
import { openSentFolder, type SentFolder } from "#lib/returns/mailbox/sent-folder";
import {
  countByHand,
  leaseSentFolder,
  recordNoCopies,
  releaseSentFolder,
  renew,
  type SentLease,
  sentFolders,
  startOver,
} from "#lib/returns/mailbox/sent-lease";

const batch = 500;
const DAY = 24 * 3600_000;

/** Reads every Sent folder that is due, each by one worker at a time. Returns how many deliveries were settled. */
export async function readSentFolders(waits: Waits = ordinaryWaits, signal?: AbortSignal): Promise<number> {
  let settled = 0;
  while (!signal?.aborted) {
    const lease = await leaseSentFolder();
    if (!lease) break;
    settled += await holding(pool(), sentFolders, lease, () => readOne(lease, waits));
  }
  return settled;
}

async function readOne(lease: SentLease, waits: Waits): Promise<number> {
  let folder: SentFolder | undefined;
  try {
    folder = await openSentFolder(await lease.access());
    const settled = (await follow(lease, folder)) + (await lookUp(lease, folder, waits));
    await fileCopies(lease.id, folder, () => renew(lease));
    await releaseSentFolder(lease, waits.filing);
    return settled;
  } catch (error) {
    if (error instanceof LeaseLost) return 0;
    const failure = failureOf(error);
    log.warn({ err: error, relayId: lease.id, failure }, "Sent folder not read");
    await backOff(pool(), sentFolders, lease, failure);
    return 0;
  } finally {
    await folder?.close();
  }
}

/** What was filed since the last reading. A copy of ours settles its delivery before the cursor passes it. */
async function follow(lease: SentLease, folder: SentFolder): Promise<number> {
  const { path, validity } = folder;
  let last = lease.lastUid;
  // Two folders made in the same second may share their UIDVALIDITY; one put back from a backup keeps it.
  if (lease.validity !== validity || lease.path !== path || folder.uidNext <= last) {
    const [oldest] = await folder.since(new Date(Date.now() - 2 * DAY));
    last = (oldest ?? folder.uidNext) - 1;
    await transaction((client) => startOver(client, lease, { path, validity, uid: last }));
  }
  let settled = 0;
  for (const uids of batches(await folder.after(last))) {
    const copies = await identify(await folder.read(uids));
    const found = await ours(copies);
    settled += await settleFound(found);
    const restored = new Set(await settleRestored(found));
    settled += restored.size;
    await recordSeen(found);
    const uid = uids.at(-1) ?? last;
    await transaction((client) =>
      countByHand(client, lease, { path, validity, uid }, uncounted(copies, restored)),
    );
  }
  return settled;
}

/** What the ledger of this life has not counted is counted as if people had sent it. */
const uncounted = (copies: Identified[], restored: Set<number>): Identified[] =>
  copies.map((copy) => (restored.has(copy.delivery ?? 0) ? { ...copy, delivery: null } : copy));

/** Where copies are filed, everything since before the lost messages is read again: then what is not there is known. */
async function lookUp(lease: SentLease, folder: SentFolder, waits: Waits): Promise<number> {
  const { at, lost } = await listLost(lease.id, waits);
  const before = await settleFound(lost.flatMap(({ id, seen }) => (seen ? [id] : [])));
  const sought = lost.filter(({ seen }) => !seen);
  if (sought.length === 0) return before;
  const first = sought.reduce((at, one) => Math.min(at, one.announcedAt.getTime()), Number.POSITIVE_INFINITY);
  const from = new Date(first - 2 * DAY);
  const seen = new Set<number>();
  let whole = true;
  for (const uids of batches(await folder.since(from))) {
    const copies = await identify(await folder.read(uids));
    for (const id of await ours(copies)) seen.add(id);
    whole &&= copies.length >= uids.length;
    await renew(lease);
  }
  const settled = await settleFound(sought.flatMap(({ id }) => (seen.has(id) ? [id] : [])));
  const missing = sought.filter(({ id }) => !seen.has(id));
  return before + settled + (await judge(lease, missing, [...seen], { at, from, whole, waits }));
}

type Read = { at: Date; from: Date; whole: boolean; waits: Waits };

async function judge(lease: SentLease, missing: Lost[], seen: number[], { at, from, whole, waits }: Read) {
  if (missing.length === 0) return 0;
  const controls = await compare(lease.id, seen, from, at, waits);
  const judged = missing.map((one) => {
    const verdict = judgeAbsence(one, controls, waits);
    // Mails were deleted while we read: no ground to say what was never there.
    return { one, verdict: verdict === "notInSent" && !whole ? "tooEarly" : verdict };
  });
  const absent = judged.filter(({ verdict }) => verdict === "notInSent");
  const open = judged.flatMap(({ one, verdict }) => (verdict === "notInSent" ? [] : [{ one, verdict }]));
  await recordLooks(open, controls, waits);
  if (open.some(({ verdict }) => verdict === "noCopies")) await recordNoCopies(lease);
  return settleNotFound(
    absent.map(({ one }) => one.id),
    at,
  );
}

function* batches(uids: number[]): Generator<number[]> {
  for (let i = 0; i < uids.length; i += batch) yield uids.slice(i, i + batch);
}
