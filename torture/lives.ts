/**
 * What befalls the installation itself: a backup of earlier put back, a standby that is late and takes over. The database
 * then knows less than has happened. Rounds apart, once in ten: afterwards nobody was written to twice, nobody is left out,
 * and nobody who had left meanwhile is written to.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { finishCampaigns, resumeCampaign } from "#lib/letters/campaigns/mutations";
import { sweepLost } from "#lib/letters/deliveries/claim";
import { ordinaryWaits } from "#lib/letters/deliveries/evidence";
import { readHeader } from "#lib/machine/backups/format";
import { restoreBackup } from "#lib/machine/backups/restore";
import { writeBackup } from "#lib/machine/backups/write";
import { db, disconnect, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { acknowledgeRestore } from "#lib/office/restores/mutations";
import { keepOppositions } from "#lib/people/suppressions/beside";
import { pollMailboxes } from "#lib/returns/mailbox/poll";
import { readSentFolders } from "#lib/returns/mailbox/sent";
import { unsubscribe } from "#lib/returns/unsubscribe/mutations";
import { sentFolder } from "#testing/dovecot";
import { settleByHand } from "./clerk.ts";
import type { Cluster } from "./cluster.ts";
import { insist } from "./scene.ts";
import { now } from "./server.ts";
import { build, giveMailbox, type Stage, setup } from "./stage.ts";

export const lives = [
  "restore of an older backup",
  "promotion of a late standby",
  "promotion of a synchronous standby",
] as const;
type Life = (typeof lives)[number];
export const isLife = (name: string): name is Life => (lives as readonly string[]).includes(name);

export type LifeVerdict = {
  seed: number;
  life: Life;
  recipients: number;
  taken: number;
  seconds: number;
  wrong: string[];
  /** What was missing here. */
  notDone: string;
};

/** Each tenth seed has the first two, each twentieth all; or the one that is asked for with each. */
export function livesOf(seed: number, only: string | null): Life[] {
  if (only !== null) return isLife(only) ? [only] : [];
  return seed % 10 === 0 ? lives.slice(0, seed % 20 === 0 ? 3 : 2) : [];
}

/** Readers who stop between the moment that comes back and the end. */
const LEAVING = 20;
/** Milliseconds in which nothing may leave once it is held. */
const STILL = 2_000;
/** Copies are looked for at once. */
const waits = { ...ordinaryWaits, first: 0 };

export async function playLife(
  life: Life,
  seed: number,
  cluster: Cluster,
  reports: string,
): Promise<LifeVerdict> {
  const startedAt = performance.now();
  const told = { seed, life, recipients: setup.recipients, taken: 0, seconds: 0, wrong: [], notDone: "" };
  if (!existsSync("/usr/sbin/dovecot")) return { ...told, notDone: "needs dovecot" };
  const dataDir = env.dataDir;
  const stage = await build(life, seed, cluster, reports);
  try {
    await befall[life](stage);
    // A standby that was waited for has forgotten nobody.
    await untilStillHeld(stage, life === "promotion of a synchronous standby" ? 0 : LEAVING);
    await decide(stage);
    await drain(stage);
    await verify(stage);
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    if (stage.wrong.length === 0) rmSync(stage.folder, { recursive: true, force: true });
    return { ...told, taken: stage.books.taken.length, seconds, wrong: stage.wrong };
  } finally {
    await stage.crew.disband();
    await stage.server.close();
    await stage.mailbox.stop();
    await disconnect();
    env.dataDir = dataDir;
    await insist(() => cluster.dropDatabase(stage.name));
  }
}

/** A backup is taken on the way, all die later, and it is put back as the command does. */
async function putBack(stage: Stage) {
  const { url, folder, crew, cluster, name } = stage;
  const file = join(folder, "night.backup");
  await untilTaken(stage, 0.25);
  await writeBackup(url, file, null);
  await goOn(stage);
  for (const member of crew.active()) await crew.kill(member);
  await disconnect();
  await cluster.emptyDatabase(name);
  await restoreBackup(url, file, await readHeader(file));
  for (let i = 0; i < 2; i++) await crew.hire();
}

/** The workers go on running; their database is another from one moment to the next. */
async function takeOver(stage: Stage) {
  await untilTaken(stage, 0.25);
  await stage.cluster.leaveBehind();
  await goOn(stage);
  await stage.cluster.promote();
}

/** Of what was announced to a server, nothing may be unknown to the one that was waited for. */
async function takeOverWhole(stage: Stage) {
  await untilTaken(stage, 0.25);
  await stage.cluster.follow();
  await goOn(stage);
  await stage.cluster.promote();
  const forgotten = await insist(
    () => sql<{ address: string }>`
      select address from deliveries where status = 'queued' and address = any(${stage.books.taken.map(({ address }) => address)})`,
  );
  if (forgotten.length > 0) stage.wrong.push(`${forgotten.length} taken, and forgotten`);
}

const befall: Record<Life, (stage: Stage) => Promise<void>> = {
  "restore of an older backup": putBack,
  "promotion of a late standby": takeOver,
  "promotion of a synchronous standby": takeOverWhole,
};

/** What the database that comes back will not know: letters that leave, and readers who do. */
async function goOn(stage: Stage) {
  await untilTaken(stage, 0.5);
  const leaving = await insist(
    () => sql<{ id: number; address: string }>`
      select id, address from deliveries order by status = 'queued' desc, random() limit ${LEAVING}`,
  );
  for (const { id, address } of leaving) {
    await insist(() => unsubscribe({ deliveryId: id, scope: "all", via: "one_click" }));
    stage.stopped.set(address, now());
  }
  await insist(keepOppositions);
  await untilTaken(stage, 0.7);
}

async function untilTaken({ books, wrong }: Stage, share: number) {
  const deadline = performance.now() + 30_000;
  while (books.taken.length < share * setup.recipients && performance.now() < deadline) await sleep(10);
  if (performance.now() >= deadline) wrong.push(`never came to ${share * 100} %`);
}

/** Held, and nothing of it leaves; what was in flight at the blow may still be answered. */
async function untilStillHeld(stage: Stage, oppositions: number) {
  const held = async () =>
    (await sql<{ why: string | null }>`select held_why as why from installation`)[0]?.why;
  const deadline = performance.now() + 30_000;
  while (!(await held().catch(() => null)) && performance.now() < deadline) await sleep(50);
  if (!(await held())) stage.wrong.push("not held");
  while (stage.server.busy() > 0) await sleep(20);
  const before = stage.books.taken.length;
  await sleep(STILL);
  if (stage.books.taken.length > before)
    stage.wrong.push(`${stage.books.taken.length - before} left unasked`);
  const put = async () =>
    (await sql<{ n: number }>`select coalesce(sum(oppositions), 0)::int as n from restores`)[0]?.n;
  // Whoever holds it first may be a reader; a worker puts them back with its next beat.
  while ((await put()) !== oppositions && performance.now() < deadline) await sleep(50);
  if ((await put()) !== oppositions)
    stage.wrong.push(`${await put()} oppositions put back, ${oppositions} were missing`);
}

/** An administrator reads, lets it go on, has the account read, and takes the campaign up. */
async function decide(stage: Stage) {
  const { books, mailbox, mailing } = stage;
  const copies = books.taken.map(({ address, messageId }) =>
    Buffer.from(`To: ${address}\r\nMessage-ID: ${messageId}\r\n\r\nBonjour\r\n`),
  );
  await mailbox.appendAll(copies, sentFolder);
  // Only now: the harness reads it itself, and is not to wait for the workers' readers.
  await giveMailbox(mailing.relay, mailbox);
  const { id } = await db.user.create({
    data: { email: "ada@src.example", name: "Ada", role: "administrator" },
    select: { id: true },
  });
  const acknowledged = await acknowledgeRestore(id);
  if (!acknowledged.ok) stage.wrong.push("nothing to let go");
  const early = await resumeCampaign(mailing.first, id);
  if (early.ok) stage.wrong.push("taken up before its account was read");
  const deadline = performance.now() + 30_000;
  for (let ok = false; !ok && performance.now() < deadline; await sleep(100)) {
    await pollMailboxes();
    await readSentFolders(waits);
    ok = (await resumeCampaign(mailing.first, id)).ok;
  }
}

async function drain({ books, wrong, server }: Stage) {
  const deadline = performance.now() + setup.drainSeconds * 1000;
  const took = (address: string) => books.taken.some((one) => one.address === address);
  while (performance.now() < deadline) {
    await sweepLost();
    await finishCampaigns();
    const [left] = await sql<{ moving: number; unknown: number }>`
      select count(*) filter (where status in ('queued', 'sending'))::int as moving,
        count(*) filter (where status = 'unknown')::int as unknown from deliveries`;
    if (left?.moving === 0 && left.unknown === 0 && server.busy() === 0) return;
    if (left?.moving === 0) await settleByHand(took);
    await sleep(100);
  }
  wrong.push(`not drained in ${setup.drainSeconds} s`);
}

/** Milliseconds an announcement already under way may be later than the click that forbids it. */
const UNDER_WAY = 250;

async function verify({ books, stopped, wrong }: Stage) {
  const taken = new Map<string, number[]>();
  for (const { address, at } of books.taken) taken.set(address, [...(taken.get(address) ?? []), at]);
  const rows = await sql<{ address: string }>`select address from deliveries`;
  const name = (what: string, bad: string[]) => {
    if (bad.length > 0) wrong.push(`${what}: ${bad.length} (${bad.slice(0, 3).join(", ")})`);
  };
  const all = rows.map(({ address }) => address);
  name(
    "written to twice",
    all.filter((address) => (taken.get(address)?.length ?? 0) > 1),
  );
  name(
    "left out",
    all.filter((address) => !taken.has(address) && !stopped.has(address)),
  );
  name(
    "had left, and written to",
    [...stopped].flatMap(([address, at]) =>
      taken.get(address)?.some((one) => one > at + UNDER_WAY + setup.thinking) ? [address] : [],
    ),
  );
  if (all.length !== setup.recipients) wrong.push(`${all.length} deliveries`);
}
