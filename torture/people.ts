/** What people do meanwhile, by the application's own mutations: stop, pause, resume, cancel, set limits. */
import { setTimeout as sleep } from "node:timers/promises";
import { cancelCampaign, pauseCampaign, resumeCampaign } from "#lib/letters/campaigns/mutations";
import { pauseRelay, resumeRelay } from "#lib/letters/relays/mutations";
import { sql } from "#lib/machine/db";
import { suppress } from "#lib/people/suppressions/mutations";
import { unsubscribe } from "#lib/returns/unsubscribe/mutations";
import type { Fault } from "./faults.ts";
import { insist, type Scene } from "./scene.ts";
import { now } from "./server.ts";
import { takenWithin } from "./verify-quotas.ts";

const MINUTE = 60;
const HOUR = 3_600;
/** Milliseconds without a message after which a limit will not be reached, whatever else goes wrong meanwhile. */
const STANDSTILL = 12_000;
/** The same before the first one: workers of several rounds may be starting at once. */
const START = 60_000;
const FOR_EVER = Number.POSITIVE_INFINITY;

async function someDeliveries({ mailing }: Scene, count: number) {
  return insist(
    () => sql<{ id: number; address: string; hash: Buffer }>`
      select id, address, address_hash as hash from deliveries where campaign_id = ${mailing.first}
      order by status = 'queued' desc, random() limit ${count}`,
  );
}

/** False when there is nothing left to pause. The engine may have paused it a moment ago, and the clerk resumes that. */
async function pauseByHand(campaign: number): Promise<boolean> {
  for (;;) {
    await pauseCampaign(campaign, null);
    const [row] = await sql<{ status: string; pause_reason: string | null }>`
      select status::text, pause_reason from campaigns where id = ${campaign}`;
    if (row?.status === "paused" && row.pause_reason === null) return true;
    if (row?.status !== "sending" && row?.status !== "paused") return false;
    await sleep(50);
  }
}

/** A limit that is reached, and then lifted by somebody who has waited long enough. */
async function liftLimit(scene: Scene, scope: string, seconds: number, lift: () => Promise<unknown>) {
  const { books, record } = scene;
  const limit = record.limits.find((one) => one.scope === scope && one.seconds === seconds)?.limit ?? 0;
  const count = () => takenWithin(books, scope);
  let [last, since] = [count(), performance.now()];
  const patience = () => (last === 0 ? START : STANDSTILL);
  for (let still = 0; still < 8 && performance.now() - since < patience(); await sleep(100)) {
    const came = count();
    // A share of an hour is kept for letters.
    still = came === last && last >= limit * 0.9 ? still + 1 : 0;
    if (came !== last) [last, since] = [came, performance.now()];
  }
  if (count() < limit * 0.9) record.notDone.push(`limit of ${limit}: only ${count()} came`);
  record.limits.push({ scope, seconds, limit: null, from: now() });
  await insist(lift);
}

/** Long, since a minute is a minute: once in twenty-five rounds. */
export const rollingMinute: Fault = {
  name: "limit of a rolling minute",
  early: true,
  prepare: (setup) => {
    setup.perMinute = Math.ceil(setup.recipients * 0.6);
    setup.drainSeconds += 90;
  },
  run: () => {},
};

export const people: readonly Fault[] = [
  {
    name: "campaign paused",
    run: async ({ mailing, record, random }) => {
      if (!(await insist(() => pauseByHand(mailing.first)))) return;
      const from = now();
      await sleep(random.between(500, 1_800));
      record.silences.push({ campaign: mailing.first, from, to: now() });
      await insist(() => resumeCampaign(mailing.first, null));
    },
  },
  {
    name: "relay paused",
    run: async ({ mailing, record, random }) => {
      await insist(() => pauseRelay(mailing.relay, null));
      const from = now();
      await sleep(random.between(500, 1_800));
      record.silences.push({ relay: mailing.relay, from, to: now() });
      await insist(() => resumeRelay(mailing.relay, null));
    },
  },
  {
    name: "campaign cancelled",
    prepare: (setup) => {
      setup.others = Math.ceil(setup.recipients / 5);
    },
    run: async ({ mailing, record }) => {
      if (mailing.second === null) return;
      const { second } = mailing;
      const asked = await insist(() => cancelCampaign(second, null));
      // An answer lost on the way makes the next click refused, though the campaign is cancelled.
      const [row] = await insist(
        () => sql`select 1 from campaigns where id = ${second} and status = 'cancelled'`,
      );
      if (!asked.ok && !row) return void record.notDone.push("campaign cancelled (it was over)");
      record.cancelled.push(second);
      record.silences.push({ campaign: mailing.second, from: now(), to: FOR_EVER });
    },
  },
  {
    name: "readers unsubscribe",
    run: async (scene) => {
      for (const { id, address } of await someDeliveries(scene, 40)) {
        const scope = scene.random.pick(["topic", "all"] as const);
        await insist(() => unsubscribe({ deliveryId: id, scope, via: "one_click" }));
        scene.record.stopped.set(address, now());
      }
    },
  },
  {
    name: "addresses suppressed",
    run: async (scene) => {
      for (const { address, hash } of await someDeliveries(scene, 40)) {
        await insist(() => suppress({ addressHash: hash, topicId: null, reason: "manual" }));
        scene.record.stopped.set(address, now());
      }
    },
  },
  {
    name: "limit a minute",
    early: true,
    prepare: (setup, random) => {
      setup.perMinute = Math.ceil((setup.recipients * random.between(20, 60)) / 100);
    },
    run: (scene) =>
      liftLimit(
        scene,
        "",
        MINUTE,
        () => sql`update relays set per_minute = null, spent_until = null where id = ${scene.mailing.relay}`,
      ),
  },
  {
    name: "limit an hour",
    early: true,
    prepare: (setup, random) => {
      setup.perHour = Math.ceil((setup.recipients * random.between(20, 60)) / 100);
    },
    run: (scene) =>
      liftLimit(
        scene,
        "",
        HOUR,
        () => sql`update relays set per_hour = null, spent_until = null where id = ${scene.mailing.relay}`,
      ),
  },
  {
    name: "limit of a domain",
    early: true,
    prepare: (setup, random) => {
      setup.domain = {
        name: "limited.example",
        share: 0.04,
        perHour: Math.max(1, Math.ceil((setup.recipients * random.between(5, 20)) / 1_000)),
      };
    },
    run: (scene) =>
      liftLimit(
        scene,
        scene.setup.domain?.name ?? "",
        HOUR,
        () => sql`update relay_domains set per_hour = null where relay_id = ${scene.mailing.relay}`,
      ),
  },
];
