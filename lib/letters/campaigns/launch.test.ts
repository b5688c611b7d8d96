import "#testing/database";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, it } from "node:test";
import { launchCampaign, launchDueCampaigns } from "#lib/letters/campaigns/launch";
import {
  archiveCampaign,
  requestLaunch,
  resumeCampaign,
  scheduleCampaign,
  unscheduleCampaign,
} from "#lib/letters/campaigns/mutations";
import { getFunnel, listLinkClicks } from "#lib/letters/campaigns/queries";
import { db, pool, sql, transaction } from "#lib/machine/db";
import { listConcerns } from "#lib/office/dashboard/attention";
import { person, readyCampaign, segment, statusOf } from "#testing/campaigns";
import { until, within } from "#testing/until";

const deliveries = (campaignId: number) =>
  db.delivery.findMany({
    where: { campaignId },
    select: { status: true, reason: true, variables: true, settledAt: true },
    orderBy: { id: "asc" },
  });

const clean = async () => {
  await db.campaign.deleteMany();
  await db.contact.deleteMany();
};

describe("launching", () => {
  afterEach(clean);

  it("writes one delivery an address, with who they are, and the excluded with their reason", async () => {
    const id = await person({ firstName: "Zoé", lastName: "Le Goff", graduationYear: 2012, city: "Bègles" });
    const organisation = await db.organisation.create({ data: { name: "Agence Ã & <fils>" } });
    await db.affiliation.create({
      data: { contactId: id, organisationId: organisation.id, role: "employee" },
    });
    await person({ addresses: [{ address: "hard@example.org", isPrimary: true, standing: "hard" }] });
    await person({ addresses: [] });
    const campaign = await readyCampaign();
    assert.deepEqual(await launchCampaign(campaign), {
      ok: true,
      recipients: 1,
      exclusions: { hardBounce: 1, noAddress: 1 },
    });
    const [queued, skipped, ...rest] = await deliveries(campaign);
    assert.equal(rest.length, 0);
    assert.deepEqual(queued, {
      status: "queued",
      reason: null,
      settledAt: null,
      variables: {
        reader: { locale: "fr", via: null, source: null, typed: false },
        contact: {
          firstName: "Zoé",
          lastName: "Le Goff",
          graduationYear: 2012,
          kind: "former_src",
          city: "Bègles",
        },
        organisation: { name: "Agence Ã & <fils>" },
      },
    });
    assert.equal(skipped?.status, "skipped");
    assert.equal(skipped?.reason, "hardBounce");
    assert.ok(skipped?.settledAt);
    assert.equal((await getFunnel(campaign)).queued, 1);
    assert.equal((await getFunnel(campaign)).setAside, 2, "with whoever has no address");
  });

  it("freezes the content once, its web links counted, its personal links left alone", async () => {
    await person();
    await db.settings.update({ where: { id: 1 }, data: { publicUrl: "https://crm.example.org/" } });
    const campaign = await readyCampaign();
    await launchCampaign(campaign);
    const content = await db.content.findFirstOrThrow({ where: { campaignId: campaign, kind: "campaign" } });
    assert.match(content.html, new RegExp(`https://crm\\.example\\.org/api/click/${campaign}/\\d`));
    assert.match(content.html, /\{\{ ?links\.unsubscribe ?\}\}/);
    assert.doesNotMatch(content.html, /href="https:\/\/example\.org\/a"/);
    assert.ok((content.links as string[]).includes("https://example.org/a"));
    assert.ok(
      (await listLinkClicks(campaign)).some(
        ({ url, clicks }) => url === "https://example.org/a" && clicks === null,
      ),
    );
  });

  it("happens once when ten try at the same time", async () => {
    for (let i = 0; i < 20; i++) await person();
    const campaign = await readyCampaign();
    const results = await Promise.all(Array.from({ length: 10 }, () => launchCampaign(campaign)));
    assert.equal(results.filter(({ ok }) => ok).length, 1);
    assert.ok(results.every((result) => result.ok || result.reason === "notLaunchable"));
    assert.equal((await deliveries(campaign)).length, 20);
    assert.equal(await db.content.count({ where: { campaignId: campaign } }), 1);
  });

  it("leaves nothing when its connection dies in the middle", async () => {
    for (let i = 0; i < 50; i++) await person();
    const campaign = await readyCampaign();
    // The launch stops at its insert, before a held table, and is killed there.
    await transaction(async (holder) => {
      await holder.query("lock table deliveries in exclusive mode");
      const launched = launchCampaign(campaign).then(
        () => "launched",
        () => "killed",
      );
      await killBlocked();
      assert.equal(await within(launched, "the launch gives up"), "killed");
    });
    assert.equal(await statusOf(campaign), "draft");
    assert.equal((await deliveries(campaign)).length, 0);
    assert.equal(await db.content.count({ where: { campaignId: campaign } }), 0);
    assert.ok((await launchCampaign(campaign)).ok);
    assert.equal((await deliveries(campaign)).length, 50);
  });

  it("leaves nothing when its process is killed with -9 in the middle", async () => {
    for (let i = 0; i < 50; i++) await person();
    const campaign = await readyCampaign();
    await transaction(async (holder) => {
      await holder.query("lock table deliveries in exclusive mode");
      const program = `import { launchCampaign } from "#lib/letters/campaigns/launch"; await launchCampaign(${campaign})`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" });
      const ended = once(child, "exit");
      await untilBlocked();
      child.kill("SIGKILL");
      await within(ended, "its process ends");
    });
    // Its statement goes on without it until it has something to tell, and finds nobody.
    await until(async () => (await blocked("true")) === 0, "the server ends its statement");
    assert.equal(await statusOf(campaign), "draft");
    assert.equal((await deliveries(campaign)).length, 0);
    assert.equal(await db.content.count({ where: { campaignId: campaign } }), 0);
    assert.ok((await launchCampaign(campaign)).ok);
    assert.equal((await deliveries(campaign)).length, 50);
  });

  it("is refused without readers, without sender, or with words that cannot be sent", async () => {
    const nobody = await readyCampaign();
    assert.deepEqual(await launchCampaign(nobody), { ok: false, reason: "noRecipients" });
    assert.equal(await statusOf(nobody), "draft");
    await person();
    const broken = await readyCampaign({
      blocks: [{ id: "b1", type: "text", markdown: "Bonjour {{ contact.nope }}" }],
    });
    assert.deepEqual(await launchCampaign(broken), { ok: false, reason: "contentErrors" });
    const blank = await readyCampaign({ blocks: [{ id: "b1", type: "heading", text: "" }] });
    assert.deepEqual(await launchCampaign(blank), { ok: false, reason: "contentErrors" });
    const gone = await readyCampaign({ segmentId: await segment() });
    await db.segment.updateMany({ data: { archivedAt: new Date() } });
    assert.deepEqual(await launchCampaign(gone), { ok: false, reason: "segmentGone" });
    const archived = await readyCampaign();
    await archiveCampaign(archived, null);
    assert.deepEqual(await launchCampaign(archived), { ok: false, reason: "notLaunchable" });
    assert.deepEqual(await launchCampaign(999_999), { ok: false, reason: "notLaunchable" });
  });
});

async function killBlocked() {
  await untilBlocked();
  assert.equal(await blocked("pg_terminate_backend(pid)"), 1);
}

const untilBlocked = () =>
  until(async () => (await blocked("wait_event_type = 'Lock'")) > 0, "the launch waits");

/** How many launches are at their insert, and of whom `what` is true. */
async function blocked(what: string): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(
    `select count(*) filter (where ${what})::int as n from pg_stat_activity
     where datname = current_database() and state = 'active' and query like 'with audience as%' and pid <> pg_backend_pid()`,
  );
  return rows[0]?.n ?? 0;
}

describe("asking for a launch", () => {
  afterEach(clean);

  it("wants the number that was seen to be the number of now", async () => {
    await person();
    const campaign = await readyCampaign();
    await person();
    assert.deepEqual(await requestLaunch(campaign, 1, null), {
      ok: false,
      reason: "audienceChanged",
      params: { count: 2 },
    });
    assert.deepEqual(await requestLaunch(campaign, 2, null), { ok: true });
    assert.equal(await statusOf(campaign), "scheduled");
    assert.equal(await launchDueCampaigns(), 1);
    assert.equal(await statusOf(campaign), "sending");
  });

  it("is launched once by two workers", async () => {
    await person();
    const campaign = await readyCampaign();
    await requestLaunch(campaign, 1, null);
    const launched = await Promise.all([launchDueCampaigns(), launchDueCampaigns()]);
    assert.equal(launched[0] + launched[1], 1);
    assert.equal((await deliveries(campaign)).length, 1);
  });

  it("launches nothing before its hour, nor what was taken back", async () => {
    await person();
    const campaign = await readyCampaign();
    await scheduleCampaign(campaign, 1, "2099-01-01T08:00", null);
    assert.equal(await launchDueCampaigns(), 0);
    assert.deepEqual(await unscheduleCampaign(campaign, null), { ok: true });
    assert.deepEqual(await unscheduleCampaign(campaign, null), { ok: false, reason: "notScheduled" });
    assert.equal(await launchDueCampaigns(), 0);
    assert.equal(await statusOf(campaign), "draft");
  });

  it("puts back to draft, with the reason, what cannot be launched, and never tries again", async () => {
    const contact = await person();
    const campaign = await readyCampaign();
    await requestLaunch(campaign, 1, null);
    await db.contact.delete({ where: { id: contact } });
    assert.equal(await launchDueCampaigns(), 0);
    const row = await db.campaign.findUniqueOrThrow({ where: { id: campaign } });
    assert.equal(row.status, "draft");
    assert.equal(row.pauseReason, "noRecipients");
    assert.equal(await launchDueCampaigns(), 0);
  });
});

const named = async (publicUrl: string | null) => sql`update settings set public_url = ${publicUrl}`;

it("over a real relay nothing is launched, planned or taken up without an address readers can reach", async () => {
  await person();
  const relay = await db.relay.create({
    data: { name: "vrai", kind: "smtp", host: "127.0.0.1", port: 1, security: "none" },
    select: { id: true },
  });
  const identity = await db.identity.create({
    data: { relayId: relay.id, displayName: "Lettre", address: "lettre@iut.example" },
    select: { id: true },
  });
  const id = await readyCampaign({ identityId: identity.id });
  const people = await db.contact.count();
  for (const url of [null, "http://relations.example", "https://localhost:3000"]) {
    await named(url);
    assert.deepEqual(await requestLaunch(id, people, null), { ok: false, reason: "publicUrl" });
    assert.deepEqual(await scheduleCampaign(id, people, "2099-01-01T10:00", null), {
      ok: false,
      reason: "publicUrl",
    });
    assert.deepEqual(await launchCampaign(id), { ok: false, reason: "publicUrl" });
  }
  assert.equal(await statusOf(id), "draft");
  assert.ok((await listConcerns("teacher")).some(({ kind }) => kind === "noWayBack"));

  await named("https://relations.example");
  assert.deepEqual(await requestLaunch(id, people, null), { ok: false, reason: "relayUntried" });
  await sql`update relays set tested_at = now(), tried_at = now() where id = ${relay.id}`;
  assert.ok(!(await listConcerns("teacher")).some(({ kind }) => kind === "noWayBack"));
  assert.ok((await requestLaunch(id, people, null)).ok);
  // Somebody empties the address between the request and the worker.
  await named(null);
  await launchDueCampaigns();
  const put = await db.campaign.findUniqueOrThrow({
    where: { id },
    select: { status: true, pauseReason: true },
  });
  assert.deepEqual(put, { status: "draft", pauseReason: "publicUrl" });
  await sql`update campaigns set status = 'paused', paused_at = now(), launched_at = now(), pause_reason = null where id = ${id}`;
  assert.deepEqual(await resumeCampaign(id, null), { ok: false, reason: "publicUrl" });
  assert.equal(await statusOf(id), "paused");
  const sandbox = await readyCampaign();
  assert.ok((await launchCampaign(sandbox)).ok, "the sandbox keeps everything here");
});

it("clicks are not counted on the screen for fewer than ten readers: nobody can be guessed", async () => {
  const id = await readyCampaign();
  for (let n = 0; n < 10; n++) await person();
  assert.ok((await launchCampaign(id)).ok);
  await sql`insert into link_clicks (campaign_id, link, on_day, clicks) values (${id}, 0, current_date, 3)`;
  const receive = (n: number) => sql`
    update deliveries set status = 'sent', settled_at = now()
    where id in (select id from deliveries where campaign_id = ${id} order by id limit ${n})`;
  await receive(9);
  assert.equal((await listLinkClicks(id))[0]?.clicks, null);
  await receive(10);
  assert.equal((await listLinkClicks(id))[0]?.clicks, 3);
});
