/** Erasure while letters to the person are queued, claimed, leaving, unknown, or being launched. */
import "#testing/database";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import { claim, sweepLost } from "#lib/letters/deliveries/claim";
import { openJournal } from "#lib/letters/deliveries/journal";
import { settleUnknown } from "#lib/letters/deliveries/unknown";
import { pool, sql, transaction } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { hashAddress } from "#lib/machine/seal";
import { person, readyCampaign } from "#testing/campaigns";
import { sendingCampaign } from "#testing/deliveries";
import { eraseContact, replayErasures } from "./erase.ts";

const folder = await mkdtemp(join(tmpdir(), "src-privacy-"));
(env as { dataDir: string }).dataDir = folder;
const journal = openJournal("00000000-0000-4000-8000-000000000000");
after(async () => {
  await journal.close();
  await rm(folder, { recursive: true });
});

let n = 0;

/** A campaign to one person, whose delivery is queued. */
async function writing() {
  const address = `lea.brun${++n}@ailleurs.example`;
  const contact = await person({ lastName: `Brun ${n}`, addresses: [{ address, isPrimary: true }] });
  const made = await sendingCampaign({ port: 1, recipients: 1 });
  const [delivery] = await sql<{ id: number }>`
    update deliveries set contact_id = ${contact}, address = ${address}, address_hash = ${Buffer.from(hashAddress(address))}
    where campaign_id = ${made.campaign} returning id`;
  return { ...made, contact, address, delivery: delivery?.id ?? 0 };
}
const look = async (id: number) =>
  (await sql`select status::text, reason, address, reply, lease_token from deliveries where id = ${id}`)[0];
const sent = { status: "sent" as const, reason: null, delay: 0, counts: true, answered: true };

it("a queued letter never leaves, and is counted as set aside", async () => {
  const { contact, delivery, relay, campaign } = await writing();
  assert.ok((await eraseContact(contact, "useless", null)).ok);
  assert.equal((await claim(relay, 5)).length, 0);
  const row = await look(delivery);
  assert.deepEqual(
    [row?.status, row?.reason, row?.address],
    ["skipped", "erased", `${delivery}@erased.invalid`],
  );
  const [totals] =
    await sql`select sum(queued)::int as queued, sum(skipped)::int as skipped from campaign_totals where campaign_id = ${campaign}`;
  assert.deepEqual(totals, { queued: 0, skipped: 1 });
});

it("a claimed letter is refused at the mark, whoever is first on the row", async () => {
  const { contact, relay } = await writing();
  const [held] = await claim(relay, 1);
  assert.ok(held);
  assert.ok((await eraseContact(contact, "request", null)).ok);
  assert.equal(await journal.mark(held), false);
  const second = await writing();
  const [other] = await claim(second.relay, 1);
  assert.ok(other);
  const [erased, marked] = await Promise.all([
    eraseContact(second.contact, "request", null),
    journal.mark(other),
  ]);
  assert.equal(
    erased.ok,
    !marked,
    "either it leaves and the erasure waits, or it is erased and never leaves",
  );
});

it("a letter that is leaving makes the erasure wait; the worker does it once the answer is written", async () => {
  const { contact, relay, delivery, address } = await writing();
  const [held] = await claim(relay, 1);
  assert.ok(held && (await journal.mark(held)));
  assert.deepEqual(await eraseContact(contact, "request", null), { ok: false, reason: "beingSent" });
  assert.equal(await replayErasures(), 0);
  assert.equal((await look(delivery))?.address, address, "nothing was half done");
  await journal.settle(held, { ...sent, reply: `250 ${address} accepted` });
  assert.equal(await replayErasures(), 1);
  const row = await look(delivery);
  assert.deepEqual([row?.status, row?.reply], ["sent", null]);
  assert.deepEqual(await sql`select id from attempts where reply like ${`%${address}%`}`, []);
});

it("an unknown letter stays unknown; neither its frozen worker nor a colleague brings the person back", async () => {
  const { contact, relay, delivery, address, campaign } = await writing();
  const [held] = await claim(relay, 1);
  assert.ok(held && (await journal.mark(held)));
  await sql`update deliveries set lease_until = now() - interval '1 second' where id = ${delivery}`;
  await sweepLost();
  assert.ok((await eraseContact(contact, "request", null)).ok);
  await journal.settle(held, { ...sent, reply: `250 ${address} accepted` });
  const row = await look(delivery);
  assert.deepEqual([row?.status, row?.reply, row?.lease_token], ["unknown", null, null]);
  await settleUnknown(campaign, "requeue", null);
  assert.equal((await claim(relay, 5)).length, 0);
  assert.equal((await look(delivery))?.reason, "erased");
});

it("a launch at that moment waits and goes on without them, instead of failing", async () => {
  await sql`delete from contacts`;
  await person();
  const gone = await person({ lastName: "Pressé" });
  const campaign = await readyCampaign();
  let launching: ReturnType<typeof launchCampaign> | undefined;
  await transaction(async (client) => {
    await client.query("select id from contacts where id = $1 for update", [gone]);
    launching = launchCampaign(campaign);
    await waiting();
    await client.query("delete from contacts where id = $1", [gone]);
  });
  const launched = await launching;
  assert.ok(launched?.ok, JSON.stringify(launched));
  assert.equal((launched as unknown as { recipients: number }).recipients, 1);
});

/** Until somebody waits for our lock. */
async function waiting() {
  for (;;) {
    const { rows } = await pool().query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return;
  }
}
