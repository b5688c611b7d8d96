/** Which unknown deliveries are looked up and when, what they are compared with, and what stays of a look. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ordinaryWaits as waits } from "#lib/letters/deliveries/evidence";
import { compare, type Lost, listLost, recordLooks, recordSeen } from "#lib/letters/deliveries/lookups";
import { db, sql } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
const never = { firstControl: null, lastControl: null, firstId: null, lastId: null };
let relay = 0;
let other = 0;
let ids: number[] = [];
const nth = (n: number) => ids[n] ?? 0;

beforeEach(async () => {
  other = (await sendingCampaign({ port: 1, recipients: 0 })).relay;
  const made = await sendingCampaign({ port: 1, recipients: 6 });
  relay = made.relay;
  const rows = await sql<{ id: number }>`
    select id from deliveries where campaign_id = ${made.campaign} order by id`;
  ids = rows.map(({ id }) => id);
});

/** Announced and given up so many seconds ago. */
const lose = (n: number, ago: number, via = relay) => sql`
  update deliveries set status = 'unknown', relay_id = ${via}, attempts = 1, settled_at = null,
    announced_at = now() - make_interval(secs => ${ago + 30}), unknown_at = now() - make_interval(secs => ${ago})
  where id = ${nth(n)}`;
const look = (n: number, looked: number, due: number, looks = 3) => sql`
  insert into lookups (delivery_id, looks, looked_at, due_at, verdict)
  values (${nth(n)}, ${looks}, now() - make_interval(secs => ${looked}), now() + make_interval(secs => ${due}), 'tooEarly')
  on conflict (delivery_id) do update set looked_at = excluded.looked_at, due_at = excluded.due_at`;
const listed = async () =>
  (await listLost(relay, waits)).lost.map(({ id, looks, seen }) => [ids.indexOf(id), looks, seen]);

test("a relay's unknown deliveries are looked for once a server can hold them no more, and for a week", async () => {
  await lose(0, waits.first + 5);
  await lose(1, waits.first - 5);
  await lose(2, 7 * DAY + 5);
  await lose(3, 7 * DAY - 60);
  await lose(4, waits.first + 5, other);
  await lose(5, waits.first + 5);
  await sql`update deliveries set status = 'sent', unknown_at = null, settled_at = now() where id = ${nth(5)}`;
  assert.deepEqual(await listed(), [
    [3, 0, false],
    [0, 0, false],
  ]);
  const { at, lost } = await listLost(relay, waits);
  assert.ok(Math.abs(at.getTime() - Date.now()) < 60_000);
  const apart = Number(lost[0]?.unknownAt) - Number(lost[0]?.announcedAt);
  assert.equal(apart, 30_000);
  await sql`update deliveries set announced_at = null where id = ${nth(0)}`;
  const [, first] = (await listLost(relay, waits)).lost;
  assert.deepEqual(first?.announcedAt, first?.unknownAt, "announced when it was given up, at the latest");
});

test("one whose copy was read is settled at once; one that was looked for waits for its turn", async () => {
  await lose(0, 5);
  await sql`update deliveries set seen_in_sent_at = now() where id = ${nth(0)}`;
  await lose(1, waits.first + 600);
  await look(1, 60, 60);
  assert.deepEqual(await listed(), [[0, 0, true]]);
  await look(1, 60, -1);
  assert.deepEqual(await listed(), [
    [1, 3, false],
    [0, 0, true],
  ]);
  await look(1, waits.first + 900, 60);
  assert.deepEqual(await listed(), [
    [1, 0, false],
    [0, 0, true],
  ]);
});

test("what was lost long ago and seen is left to people after a week too", async () => {
  await lose(0, 8 * DAY);
  await sql`update deliveries set seen_in_sent_at = now() where id = ${nth(0)}`;
  assert.deepEqual(await listed(), []);
});

/** Accepted so many seconds ago. */
const accept = (n: number, ago: number, attempts = 1, via = relay) => sql`
  update deliveries set status = 'sent', relay_id = ${via}, attempts = ${attempts}, settled_at = now(),
    announced_at = now() - make_interval(secs => ${ago}) where id = ${nth(n)}`;
const use = (ago: number, { via = relay, outcome = "sent", n = 1 } = {}) => sql`
  insert into relay_usage (relay_id, bucket, shard, outcome, n)
  values (${via}, now() - make_interval(secs => ${ago}), 0, ${outcome}, ${n})`;
const since = (ago: number) => sql`
  insert into sent_folders (relay_id, reading_since) values (${relay}, now() - make_interval(secs => ${ago}))
  on conflict (relay_id) do update set reading_since = excluded.reading_since`;
const read = async (copies = ids, from = DAY) => {
  const at = new Date();
  const found = await compare(relay, copies, new Date(Date.now() - from * 1000), at, waits);
  assert.equal(found.at, at);
  const ago = (when: Date | null) => when && (Math.round((Date.now() - when.getTime()) / 10_000) * 10 || 0);
  return {
    since: ago(found.since),
    controls: [ago(found.firstControl), ago(found.lastControl), ago(found.lastCopy)],
    who: [found.firstId, found.lastId].map((id) => (id === null ? null : ids.indexOf(id))),
    ledger: [ago(found.firstFiled), ago(found.lastFiled), ago(found.lastSent)],
  };
};

test("a control was accepted at its first try, through this relay, since the folder is read", async () => {
  await since(10_000);
  await accept(0, 9_000);
  await accept(1, 3_000);
  await accept(2, 2_000, 2);
  await accept(3, 11_000);
  await accept(4, 1_000, 1, other);
  await lose(5, 1_470);
  assert.deepEqual(await read(), {
    since: 10_000,
    controls: [9_000, 3_000, 1_500],
    who: [0, 1],
    ledger: [null, null, null],
  });
  const one = await read([nth(0), nth(3)]);
  assert.deepEqual(
    [one.controls, one.who],
    [
      [9_000, 9_000, 9_000],
      [0, 0],
    ],
    "copies that are there",
  );
  await sql`update deliveries set announced_at = null where id = ${nth(0)}`;
  assert.deepEqual((await read([nth(0)])).controls, [null, null, null]);
});

test("a folder nobody reads yet proves nothing", async () => {
  await accept(0, 60);
  const found = await read();
  assert.deepEqual([found.since, found.who], [0, [null, null]]);
});

test("the ledger says what was accepted through this relay, and what ought to be filed by now", async () => {
  await use(40_000);
  await use(20_000);
  await use(waits.filing + 60);
  await use(waits.filing - 60);
  await use(300);
  await use(100, { via: other });
  await use(90, { outcome: "refused" });
  await use(80, { n: 0 });
  const { ledger } = await read([], 30_000);
  assert.deepEqual(ledger, [20_000, waits.filing + 60, 290], "a bucket is ten seconds long");
});

test("a look is set down with its controls and the next one's hour; what was settled meanwhile is left out", async () => {
  await lose(0, 3_000);
  await lose(1, 3_000);
  await accept(2, 5_000);
  await accept(3, 1_000);
  const { lost } = await listLost(relay, waits);
  await sql`update deliveries set status = 'sent', unknown_at = null, settled_at = now() where id = ${nth(1)}`;
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
  const around = { firstId: nth(2), lastId: nth(3), firstControl: ago(5_000), lastControl: ago(1_000) };
  const inside = { ...around, firstControl: ago(2_000), lastControl: ago(4_000) };
  const set = (one: Lost[], controls: typeof around | typeof never) =>
    recordLooks(
      one.map((lost) => ({ one: lost, verdict: "noControl" as const })),
      {
        ...(controls as typeof around),
        at: new Date(),
        since: new Date(),
        lastCopy: null,
        firstFiled: null,
        lastFiled: null,
        lastSent: null,
      },
      waits,
    );
  await set(lost, around);
  const row = () => db.lookup.findUnique({ where: { deliveryId: nth(0) } });
  const first = await row();
  assert.deepEqual(
    [first?.looks, first?.verdict, first?.earlierId, first?.laterId],
    [1, "noControl", nth(2), nth(3)],
  );
  assert.ok(Math.abs(Number(first?.dueAt) - Number(first?.lookedAt) - MINUTE * 1000) < 1_000);
  assert.equal(
    await db.lookup.count({ where: { deliveryId: { in: ids } } }),
    1,
    "nobody looks for what was settled",
  );
  await sql`update lookups set due_at = now()`;
  const [again] = (await listLost(relay, waits)).lost;
  assert.ok(again);
  await set([again], inside);
  const second = await row();
  assert.deepEqual([second?.looks, second?.earlierId, second?.laterId], [2, null, null]);
  await set([again], never);
  assert.equal((await row())?.earlierId, null);
});

test("a copy is remembered of what is still open, once", async () => {
  await lose(0, 60);
  await accept(1, 60);
  await lose(2, 60);
  await sql`update deliveries set seen_in_sent_at = '2020-01-01' where id = ${nth(2)}`;
  await lose(3, 60);
  await recordSeen([]);
  await recordSeen([nth(0), nth(1), nth(2)]);
  const rows = await sql<{ seen: string | null }>`
    select to_char(seen_in_sent_at, 'YYYY') || case when seen_in_sent_at > now() - interval '1 minute' then ' now' else '' end as seen
    from deliveries where id = any(${ids.slice(0, 4)}::int[]) order by id`;
  const year = new Date().getFullYear();
  assert.deepEqual(
    rows.map(({ seen }) => seen),
    [`${year} now`, null, "2020", null],
  );
});
