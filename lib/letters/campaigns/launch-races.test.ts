/** The worker's launch against whoever acts at the same moment: what it compiled is what leaves, or nothing does. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { launchCampaign, launchDueCampaigns } from "#lib/letters/campaigns/launch";
import { requestLaunch } from "#lib/letters/campaigns/mutations";
import { db, type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { person, readyCampaign, statusOf } from "#testing/campaigns";
import { untilBlocked } from "#testing/until";

let id = 0;

// The first letter starts what compiles them all: outside the seconds that a race is waited for.
before(async () => assert.equal((await launchCampaign(await readyCampaign())).ok, false));
beforeEach(async () => {
  await db.campaign.deleteMany();
  await db.contact.deleteMany();
  await person();
  await person();
  id = await readyCampaign();
});

const deliveries = () => db.delivery.count({ where: { campaignId: id } });
const schedule = (minutes: number) => sql`
  update campaigns set status = 'scheduled', scheduled_for = now() + make_interval(mins => ${minutes}) where id = ${id}`;

/** Launches while `meanwhile` happens between compiling the letter and writing the launch, which waits for its commit and then sees it. */
async function launchDuring(meanwhile: (client: Runner) => Promise<unknown>) {
  let answer: ReturnType<typeof launchCampaign> | undefined;
  await transaction(async (client) => {
    await client.query("lock table campaigns in share row exclusive mode");
    answer = launchCampaign(id);
    await Promise.race([untilBlocked(), answer.then(() => assert.fail("the launch waits for nobody"))]);
    await meanwhile(client);
  });
  return answer;
}

const refusedWhen: [
  what: string,
  from: "draft" | "scheduled",
  meanwhile: (client: Runner) => Promise<unknown>,
][] = [
  [
    "somebody edited the letter",
    "draft",
    (client) => sqlOn(client)`update campaigns set version = version + 1 where id = ${id}`,
  ],
  [
    "somebody archived it",
    "draft",
    (client) => sqlOn(client)`update campaigns set archived_at = now() where id = ${id}`,
  ],
  [
    "somebody launched it",
    "draft",
    (client) => sqlOn(client)`update campaigns set status = 'sending', launched_at = now() where id = ${id}`,
  ],
  [
    "somebody gave it up",
    "scheduled",
    (client) => sqlOn(client)`update campaigns set status = 'cancelled' where id = ${id}`,
  ],
  [
    "somebody gave it a later hour",
    "scheduled",
    (client) => sqlOn(client)`update campaigns set scheduled_for = now() + interval '1 day' where id = ${id}`,
  ],
  [
    "its hour was found missed",
    "scheduled",
    (client) => sqlOn(client)`update campaigns set missed_at = now() where id = ${id}`,
  ],
  [
    "its hour passed too long ago",
    "scheduled",
    (client) =>
      sqlOn(client)`update campaigns set scheduled_for = now() - interval '3 hours' where id = ${id}`,
  ],
];
for (const [what, from, meanwhile] of refusedWhen)
  test(`nothing is launched when, meanwhile, ${what}`, async () => {
    if (from === "scheduled") await schedule(-1);
    assert.deepEqual(await launchDuring(meanwhile), { ok: false, reason: "notLaunchable" });
    assert.equal(await deliveries(), 0);
  });

test("nothing is launched from a sender, or a relay, that is retired meanwhile", async () => {
  const { identityId } = await db.campaign.findUniqueOrThrow({ where: { id } });
  for (const retire of [
    (client: Runner) => sqlOn(client)`update identities set archived_at = now() where id = ${identityId}`,
    (client: Runner) =>
      sqlOn(
        client,
      )`update relays set archived_at = now() where id = (select relay_id from identities where id = ${identityId})`,
  ]) {
    assert.deepEqual(await launchDuring(retire), { ok: false, reason: "notLaunchable" });
    assert.equal(await statusOf(id), "draft");
    await sql`update identities set archived_at = null where id = ${identityId}`;
    await sql`update relays set archived_at = null where id = (select relay_id from identities where id = ${identityId})`;
  }
});

test("another campaign, and one whose sender is another's retired one, are left as they are", async () => {
  const other = await readyCampaign();
  await sql`
    with r as (insert into relays (name, kind, host, port, security, archived_at) values ('old', 'smtp', '127.0.0.1', 1, 'none', now()) returning id)
    insert into identities (relay_id, display_name, address, archived_at) select id, 'old', 'old@iut.example', now() from r`;
  assert.equal((await launchDuring(async () => {}))?.ok, true);
  assert.deepEqual([await statusOf(id), await statusOf(other)], ["sending", "draft"]);
  const rows = await db.campaign.findMany({
    orderBy: { id: "asc" },
    select: { candidates: true, exclusions: true },
  });
  assert.deepEqual(rows, [
    { candidates: 2, exclusions: {} },
    { candidates: null, exclusions: {} },
  ]);
});

test("who asked for the launch is in the journal, once it was accepted", async () => {
  const user = await db.user.findFirstOrThrow();
  const entries = () =>
    db.auditEntry.findMany({ where: { subject: "campaign", subjectId: id, action: "campaign.launched" } });
  assert.equal((await requestLaunch(id, 5, user.id)).ok, false);
  assert.deepEqual(await entries(), []);
  assert.deepEqual(await requestLaunch(id, 2, user.id), { ok: true });
  const [entry, ...more] = await entries();
  assert.deepEqual([entry?.userId, entry?.data, more], [user.id, { recipients: 2 }, []]);
});

test("of what is due the worker leaves what is archived, and puts back only its own", async () => {
  await schedule(-1);
  await sql`update campaigns set archived_at = now() where id = ${id}`;
  assert.equal(await launchDueCampaigns(), 0);
  assert.deepEqual([await statusOf(id), await deliveries()], ["scheduled", 0]);
  await sql`update campaigns set scheduled_for = now() - interval '3 hours' where id = ${id}`;
  await launchDueCampaigns();
  assert.equal((await db.campaign.findUniqueOrThrow({ where: { id } })).missedAt, null, "nor is it missed");
  await schedule(-1);
  await sql`update campaigns set archived_at = null where id = ${id}`;
  const [later, kept, good] = [await readyCampaign(), await readyCampaign(), await readyCampaign()];
  await sql`update campaigns set status = 'scheduled', scheduled_for = now() where id = ${good}`;
  await sql`update campaigns set status = 'scheduled', scheduled_for = now() + interval '1 hour' where id = ${later}`;
  await sql`update segments set archived_at = now() where id = (select segment_id from campaigns where id = ${id})`;
  assert.equal(await launchDueCampaigns(), 1);
  assert.equal(await statusOf(good), "sending");
  const { status, pauseReason } = await db.campaign.findUniqueOrThrow({ where: { id } });
  assert.deepEqual([status, pauseReason], ["draft", "segmentGone"]);
  assert.deepEqual([await statusOf(later), await statusOf(kept)], ["scheduled", "draft"]);
});

const decided = {
  "gives it another hour": "scheduled_for = date_trunc('day', now()) + interval '2 days'",
  "takes it back": "status = 'draft', scheduled_for = null",
  "finds its hour missed": "missed_at = now()",
};
for (const [what, change] of Object.entries(decided))
  test(`what cannot be launched is left to a colleague who ${what} at that moment`, async () => {
    await schedule(-1);
    await sql`update segments set archived_at = now() where id = (select segment_id from campaigns where id = ${id})`;
    const { launched } = await transaction(async (client) => {
      await sqlOn(client)`select 1 from campaigns where id = ${id} for update`;
      const launched = launchDueCampaigns();
      await Promise.race([untilBlocked(), launched.then(() => assert.fail("nobody is waited for"))]);
      await client.query(`update campaigns set ${change} where id = ${id}`);
      return { launched };
    });
    const left = () =>
      sql`select status, scheduled_for, missed_at, pause_reason from campaigns where id = ${id}`;
    const before = await left();
    assert.equal(await launched, 0);
    assert.deepEqual(await left(), before);
    assert.equal(before[0]?.pause_reason, null);
  });

test("who is erased while the audience is written is left out, and the others are not", async () => {
  let answer: ReturnType<typeof launchCampaign> | undefined;
  await transaction(async (client) => {
    await sqlOn(client)`delete from contacts where id = (select min(id) from contacts)`;
    answer = launchCampaign(id);
    await Promise.race([untilBlocked(), answer.then(() => assert.fail("the launch waits for nobody"))]);
  });
  assert.deepEqual(await answer, { ok: true, recipients: 1, exclusions: {} });
});
