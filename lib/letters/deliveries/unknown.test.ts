import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { sweepLost } from "#lib/letters/deliveries/claim";
import { messageId } from "#lib/letters/deliveries/message-id";
import { countUnknown, listUnknown } from "#lib/letters/deliveries/queries";
import { settleFromSandbox, settleUnknown } from "#lib/letters/deliveries/unknown";
import { db, sql } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";
import { firstLife } from "#testing/names";

let ids: { campaign: number; relay: number; content: number; deliveries: number[] };
beforeEach(async () => {
  await sql`update deliveries set status = 'sent', settled_at = now() where status = 'unknown'`;
  const made = await sendingCampaign({ port: 1, recipients: 4 });
  const rows = await sql<{ id: number }>`
    update deliveries set status = 'unknown', relay_id = ${made.relay}, attempts = 1, reason = 'workerLost',
      announced_at = now() - interval '10 minutes', unknown_at = now() - interval '9 minutes'
    where campaign_id = ${made.campaign} returning id`;
  await sql`
    insert into relay_usage (relay_id, bucket, shard, campaign_id, domain, outcome, n)
    select relay_id, date_bin('10 seconds', unknown_at, 'epoch'), 0, campaign_id, domain_of(address), 'unknown', count(*)
    from deliveries where campaign_id = ${made.campaign} group by 1, 2, 4, 5`;
  ids = { ...made, deliveries: rows.map(({ id }) => id).toSorted((a, b) => a - b) };
});

const nth = (n: number) => ids.deliveries[n] ?? 0;
const counted = async () =>
  (
    await sql<{ n: number }>`
    select coalesce(sum(n), 0)::int as n from relay_usage where relay_id = ${ids.relay} and outcome = 'unknown'`
  )[0]?.n;

test("each is listed with why nobody knows yet, a page at a time", async () => {
  const standing = async () => (await listUnknown(ids.campaign)).rows[0]?.standing;
  assert.equal(await standing(), "noMailbox");
  await db.mailbox.create({ data: { relayId: ids.relay, host: "imap.example" } });
  assert.equal(await standing(), "soon");
  const look = (verdict: string, ago: number) => sql`
    insert into lookups values (${nth(0)}, 3, now() - make_interval(mins => ${ago}), now(), ${verdict}, ${nth(1)}, null)
    on conflict (delivery_id) do update set looked_at = excluded.looked_at, verdict = excluded.verdict`;
  await look("tooEarly", 20);
  assert.equal(await standing(), "soon", "that look was at an earlier try of it");
  await look("tooEarly", 2);
  const [row] = (await listUnknown(ids.campaign)).rows;
  assert.equal(row?.standing, "tooEarly");
  assert.equal(row?.looks, 3);
  assert.ok(row?.earlierAt && !row.laterAt);
  await sql`insert into sent_folders (relay_id, files_copies) values (${ids.relay}, false)`;
  assert.equal(await standing(), "noCopies");
  await sql`update sent_folders set error = 'auth' where relay_id = ${ids.relay}`;
  assert.equal((await listUnknown(ids.campaign)).rows[0]?.failure, "auth");
  assert.equal(await standing(), "unreadable");

  const first = await listUnknown(ids.campaign, 0, 3);
  assert.deepEqual(
    first.rows.map(({ id }) => id),
    ids.deliveries.slice(0, 3),
  );
  const second = await listUnknown(ids.campaign, first.next ?? 0, 3);
  assert.deepEqual([second.rows.length, second.next], [1, null]);
  assert.equal(await countUnknown(ids.campaign), 4);
});

test("letters are apart: listed by their subject, and decided apart", async () => {
  await sql`update deliveries set campaign_id = null where id = ${nth(0)}`;
  assert.deepEqual([await countUnknown(null), await countUnknown(ids.campaign)], [1, 3]);
  assert.equal((await listUnknown(null)).rows[0]?.subject, "Bonjour {{ contact.firstName }}");
  assert.deepEqual(
    await settleUnknown(null, "requeue", null, nth(1)),
    { ok: true, settled: 0 },
    "that one is no letter",
  );
  assert.deepEqual(await settleUnknown(null, "requeue", null), { ok: true, settled: 1 });
  assert.equal(await countUnknown(ids.campaign), 3);
});

test("what is believed sent stays in the ledger, what is sent again leaves it, and a decision is taken once", async () => {
  await sql`insert into lookups values (${nth(0)}, 1, now(), now(), 'noControl', null, null)`;
  const twice = await Promise.all([
    settleUnknown(ids.campaign, "requeue", null, nth(0)),
    settleUnknown(ids.campaign, "requeue", null, nth(0)),
    settleUnknown(ids.campaign, "sent", null, nth(0)),
  ]);
  assert.equal(
    twice.reduce((sum, { settled }) => sum + settled, 0),
    1,
  );
  assert.equal(await db.lookup.count({ where: { deliveryId: nth(0) } }), 0);
  const first = (await counted()) ?? 0;
  await settleUnknown(ids.campaign, "sent", null, nth(1));
  assert.equal(await counted(), first);
  await settleUnknown(ids.campaign, "requeue", null);
  assert.equal(await counted(), first - 2);
});

test("a domain that gets a limit meanwhile leaves no row of the ledger below zero", async () => {
  await sql`update deliveries set status = 'sending', unknown_at = null, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where campaign_id = ${ids.campaign}`;
  await sql`delete from relay_usage where relay_id = ${ids.relay}`;
  await sweepLost();
  await sql`insert into relay_domains (relay_id, domain, blamed_at) values (${ids.relay}, ${`c${ids.campaign}.example`}, now())`;
  await settleUnknown(ids.campaign, "requeue", null);
  const rows = await sql<{
    n: number;
  }>`select n from relay_usage where relay_id = ${ids.relay} and outcome = 'unknown'`;
  assert.deepEqual(
    rows.map(({ n }) => n),
    [0],
  );
});

test("the sandbox knows by itself", async () => {
  const [box] = await sql<{ id: number }>`select id from relays where kind = 'sandbox'`;
  await sql`update deliveries set relay_id = ${box?.id} where id in (${nth(0)}, ${nth(1)})`;
  await sql`
    insert into sandbox_messages (relay_id, folder, envelope_from, recipient, subject, message_id, raw)
    values (${box?.id}, 'sent', 'a@b.example', 'c@d.example', '', ${messageId(firstLife(nth(0)), "iut.example")}, '')`;
  assert.equal((await listUnknown(ids.campaign)).rows[0]?.standing, "sandbox");
  assert.equal(await settleFromSandbox(), 2);
  const rows =
    await sql`select status::text, reason from deliveries where id in (${nth(0)}, ${nth(1)}) order by id`;
  assert.deepEqual(rows, [
    { status: "sent", reason: "foundInSent" },
    { status: "queued", reason: "notInSent" },
  ]);
});
