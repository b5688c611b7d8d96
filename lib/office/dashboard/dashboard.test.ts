import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { handedOver, type Rate, rateOf } from "#lib/letters/campaigns/funnel";
import { db, sql } from "#lib/machine/db";
import { listConcerns } from "#lib/office/dashboard/attention";
import { addUpContactCounts } from "#lib/office/dashboard/mutations";
import {
  getBeginnings,
  getFigures,
  listKinds,
  listRecentCampaigns,
  listSourceStates,
  listWeeks,
} from "#lib/office/dashboard/queries";
import { readyCampaign, segment } from "#testing/campaigns";
import { sendingCampaign } from "#testing/deliveries";
import { giveCampaign, givePerson } from "#testing/received";

const counted = async () => Object.fromEntries((await listKinds()).map(({ kind, people }) => [kind, people]));
const actual = async () =>
  Object.fromEntries(
    (
      await sql<{ kind: string; n: number }>`
      select kind, count(*)::int as n from contacts where archived_at is null group by kind order by n desc, kind`
    ).map(({ kind, n }) => [kind, n]),
  );
const kindsOf = async (role: "administrator" | "secretariat" | "teacher" | "reader") =>
  (await listConcerns(role)).map(({ kind }) => kind);

test("a new installation has everything to begin, and nothing to count", async () => {
  assert.deepEqual(await getBeginnings(), { people: false, relay: false, campaign: false });
  assert.deepEqual(await listKinds(), []);
  assert.equal((await getFigures()).contacts, 0);
  assert.deepEqual(await listRecentCampaigns(), []);
  assert.equal((await listWeeks()).length, 12);
});

test("a relay is done with once it was tried and is in service", async () => {
  const made = await db.relay.create({ data: { name: "Essai", kind: "smtp", host: "mail.example" } });
  const given = async (
    data: Partial<Pick<typeof made, "testedAt" | "triedAt" | "pauseReason" | "pausedUntil" | "archivedAt">>,
  ) => {
    await db.relay.update({ where: { id: made.id }, data });
    return (await getBeginnings()).relay;
  };
  const now = new Date();
  assert.equal(await given({}), false, "only saved");
  assert.equal(await given({ testedAt: now }), false, "no letter accepted yet");
  assert.equal(await given({ triedAt: now, pausedUntil: null }), true);
  assert.equal(
    await given({ pauseReason: "circuit", pausedUntil: new Date(now.getTime() + 60_000) }),
    false,
    "paused",
  );
  assert.equal(await given({ pausedUntil: new Date(now.getTime() - 60_000) }), true, "the pause is over");
  assert.equal(await given({ archivedAt: now }), false);
  await db.relay.delete({ where: { id: made.id } });
});

test("contacts by kind follow every way of writing one", async () => {
  await sql`insert into contacts (kind, last_name) select 'former_src', 'A' || n from generate_series(1, 40) n`;
  await sql`insert into contacts (kind, last_name) select 'professional', 'B' || n from generate_series(1, 7) n`;
  assert.deepEqual(await counted(), { former_src: 40, professional: 7 });
  await sql`update contacts set kind = 'staff' where last_name in ('A1', 'A2')`;
  await sql`update contacts set archived_at = now() where last_name in ('A3', 'B1')`;
  await sql`update contacts set archived_at = null where last_name = 'A3'`;
  await sql`update contacts set city = 'Bordeaux'`;
  await sql`delete from contacts where last_name in ('A4', 'B1')`;
  assert.deepEqual(await counted(), await actual());
  assert.equal((await getFigures()).contacts, 45);
});

test("adding the counts up changes none of them, even by two workers while others write", async () => {
  for (let i = 0; i < 120; i++) await sql`insert into contacts (kind, last_name) values ('student_pub', 'C')`;
  const before = await counted();
  const write = async () => {
    for (let i = 0; i < 30; i++)
      await sql`insert into contacts (kind, last_name) values ('guest_lecturer', 'D')`;
  };
  await Promise.all([addUpContactCounts(), addUpContactCounts(), write(), addUpContactCounts()]);
  assert.deepEqual(await counted(), { ...before, guest_lecturer: 30 });
  assert.deepEqual(await counted(), await actual());
  for (let i = 0; i < 100; i++) await sql`insert into contacts (kind, last_name) values ('staff', 'E')`;
  await addUpContactCounts();
  const [rows] = await sql<{ n: number }>`select count(*)::int as n from contact_counts`;
  assert.ok((rows?.n ?? 99) <= 8, `${rows?.n} rows left`);
  assert.deepEqual(await counted(), await actual());
});

test("rates are of what was handed over, clicks of nobody", async () => {
  const people = [];
  for (let i = 0; i < 10; i++) people.push((await givePerson(`rate${i}@src.example`)).id);
  const { campaignId, deliveries } = await giveCampaign(people);
  const id = (n: number) => deliveries[n]?.id ?? 0;
  await sql`update deliveries set status = 'failed', reason = 'user-unknown' where id = ${id(0)}`;
  await sql`update deliveries set bounce = 'hard', bounced_at = now() where id = ${id(1)}`;
  await sql`update deliveries set bounce = 'soft', bounced_at = now() where id = ${id(2)}`;
  await sql`update deliveries set replied_at = now() where id in (${id(3)}, ${id(4)})`;
  await sql`update deliveries set unsubscribed_at = now() where id = ${id(5)}`;
  await db.linkClick.create({ data: { campaignId, link: 0, onDay: new Date(), clicks: 15 } });
  const [campaign] = await listRecentCampaigns();
  assert.ok(campaign);
  assert.equal(campaign.id, campaignId);
  const rate = (key: Rate) => rateOf(campaign.funnel, key);
  assert.deepEqual(
    [handedOver(campaign.funnel), rate("delivered"), rate("refused"), rate("returned")],
    [10, 0.7, 0.1, 0.2],
  );
  assert.deepEqual([rate("replied"), rate("unsubscribed"), campaign.clicks], [0.2, 0.1, 15]);
  const weeks = await listWeeks();
  assert.deepEqual(weeks.at(-1), { ...weeks.at(-1), sent: 9, replied: 2, unsubscribed: 1 });
  assert.deepEqual(
    weeks.slice(0, -1).map(({ sent }) => sent),
    Array(11).fill(0),
  );
});

test("weeks begin on Monday in Paris, across the change of hour", async () => {
  const begin = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Paris",
  });
  for (const { startsOn } of await listWeeks(52)) assert.equal(begin.format(startsOn), "Mon 00:00");
});

test("what stands still is told to who can help, gravest first", async () => {
  assert.deepEqual(await kindsOf("reader"), []);
  assert.deepEqual(await kindsOf("teacher"), ["workerSilent"]);
  await sql`insert into workers (id, hostname, pid) values (gen_random_uuid(), 'here', 1)`;
  assert.deepEqual(await kindsOf("teacher"), []);
  const { campaignId, deliveries } = await giveCampaign([(await givePerson("lost@src.example")).id]);
  await sql`update deliveries set status = 'unknown', unknown_at = now(), settled_at = null where id = ${deliveries[0]?.id}`;
  await sql`update campaigns set status = 'paused', paused_at = now(), pause_reason = 'spam' where id = ${campaignId}`;
  await sql`update relays set paused_until = now() + interval '1 hour', pause_reason = 'sending-limit'`;
  await sql`update mailboxes set error = 'auth'`;
  const [source] = await sql<{ id: number }>`
    insert into sources (key, name, default_kind) values ('site', 'Le site', 'former_src') returning id`;
  await sql`
    insert into sync_runs (source_id, origin, status, finished_at, error) values (${source?.id}, 'pull', 'failed', now(), 'timeout')`;
  assert.deepEqual(await kindsOf("administrator"), [
    "relayPaused",
    "campaignPaused",
    "unknown",
    "mailboxError",
    "syncFailed",
  ]);
  assert.deepEqual(await kindsOf("secretariat"), ["relayPaused", "campaignPaused", "unknown", "syncFailed"]);
  assert.deepEqual(await kindsOf("teacher"), ["relayPaused", "campaignPaused"]);
  assert.deepEqual(await kindsOf("reader"), []);
  const [state] = await listSourceStates();
  assert.deepEqual([state?.remote, state?.run?.status, state?.run?.error], [false, "failed", "timeout"]);
  await sql`update relays set paused_until = now() - interval '1 second'`;
  await sql`update mailboxes set error = null`;
  await sql`insert into sync_runs (source_id, origin, status, finished_at) values (${source?.id}, 'pull', 'succeeded', now())`;
  await sql`update campaigns set status = 'sending', pause_reason = null, paused_at = null where id = ${campaignId}`;
  await sql`update deliveries set status = 'sent', settled_at = now() where id = ${deliveries[0]?.id}`;
  assert.deepEqual(await kindsOf("administrator"), []);
});

test("what came back is counted once it matters", async () => {
  const relay = await db.relay.findFirstOrThrow({ select: { id: true } });
  await sql`
    insert into received_mails (relay_id, digest, uid, class, raw, handled_at)
    select ${relay.id}, sha256(n::text::bytea), n, 'reply', 'x', case when n > 3 then now() end from generate_series(1, 5) n`;
  await sql`insert into notices (kind) values ('unsubscribed'), ('unsubscribed'), ('complaint'), ('resubscribed')`;
  await sql`
    insert into bounces (class, verdict, blame, at)
    values ('bounce', 'hard', 'recipient', now()), ('bounce', 'hard', 'sender', now()), ('bounce', 'soft', 'recipient', now()),
      ('bounce', 'hard', 'recipient', now() - interval '3 days')`;
  const found = (await listConcerns("secretariat")).map(({ kind, count }) => [kind, count]);
  assert.deepEqual(found, [
    ["replies", 3],
    ["complaints", 1],
    ["hardBounces", 1],
    ["unsubscribed", 2],
  ]);
  assert.deepEqual(await kindsOf("teacher"), []);
  await sql`
    insert into received_mails (relay_id, digest, uid, class, raw)
    select ${relay.id}, sha256(n::text::bytea), n, 'reply', 'x' from generate_series(1000, 1300) n`;
  assert.equal((await listConcerns("secretariat"))[0]?.count, 100, "bounded: shown as « 99+ »");
});

test("a launch that was put back and a departure of the day are shown", async () => {
  const id = await readyCampaign({ segmentId: await segment() });
  await sql`update campaigns set pause_reason = 'noRecipients' where id = ${id}`;
  assert.ok((await kindsOf("teacher")).includes("launchRefused"));
  await sql`update campaigns set pause_reason = null, status = 'scheduled', scheduled_for = now() where id = ${id}`;
  assert.deepEqual(await kindsOf("reader"), ["scheduled"]);
  await sql`update campaigns set scheduled_for = now() + interval '25 hours' where id = ${id}`;
  assert.deepEqual(await kindsOf("reader"), []);
});

test("a campaign whose relay has used up its day waits, unless another one carries it", async () => {
  const { relay, identity, campaign } = await sendingCampaign({ port: 1, recipients: 2 });
  const waiting = async () =>
    (await listConcerns("teacher")).filter(({ kind }) => kind === "campaignWaiting");
  const spend = (window: string) =>
    sql`update relays set spent_until = now() + interval '5 hours', spent_window = ${window} where id = ${relay}`;
  await spend("hour");
  assert.deepEqual(await waiting(), []);
  await spend("day");
  assert.deepEqual(
    (await waiting()).map(({ id, reason }) => [id, reason]),
    [[campaign, "day"]],
  );
  const other = await sendingCampaign({ port: 1, recipients: 1 });
  await sql`insert into identity_fallbacks (identity_id, position, relay_id) values (${identity}, 1, ${other.relay})`;
  assert.deepEqual(await waiting(), []);
});
