import "#testing/database";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { recordAudit } from "#lib/department/audit/mutations";
import { pool, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { createUser } from "#lib/office/users/command";
import { person } from "#testing/campaigns";
import { giveSource, writeEverywhere } from "#testing/privacy";
import { giveCampaign } from "#testing/received";
import { confirmClock } from "./clock.ts";
import { setRetention } from "./mutations.ts";
import { countDue, purge } from "./purge.ts";
import { approveErasures, keepContact, listProposals } from "./reviews.ts";

const folder = await mkdtemp(join(tmpdir(), "src-privacy-"));
(env as { dataDir: string }).dataDir = folder;
after(() => rm(folder, { recursive: true }));
await createUser(
  { email: "admin@src.example", name: "Ada", role: "administrator" },
  "une phrase bien longue",
);
const by = 1;

/** A new day for the walk of the contact book. */
const tomorrow = () => sql`update purge_cursors set swept_at = null where rule = 'contacts'`;
const proposed = async () => (await listProposals(null)).rows.map(({ id }) => id);
const exists = async (id: number) => (await sql`select id from contacts where id = ${id}`).length === 1;
const silentSince = (id: number, years: number) =>
  sql`update contacts set created_at = now() - make_interval(years => ${years}) where id = ${id}`;
const waited = (id: number, days: number) =>
  sql`update contact_reviews set proposed_at = now() - make_interval(days => ${days}) where contact_id = ${id}`;

describe("a contact nobody has heard from", () => {
  beforeEach(async () => {
    await sql`delete from contacts`;
    await tomorrow();
  });

  it("is proposed after three years, told once, and erased a month later", async () => {
    const old = await person();
    const recent = await person();
    await silentSince(old, 4);
    await silentSince(recent, 2);
    await purge();
    assert.deepEqual(await proposed(), [old]);
    const told = () => sql`select id from notices where kind = 'erasuresProposed'`;
    assert.equal((await told()).length, 1);
    await tomorrow();
    await purge();
    assert.equal((await told()).length, 1, "not told again of the same");
    await waited(old, 29);
    await purge();
    assert.ok(await exists(old), "not before its time");
    await waited(old, 31);
    await purge();
    assert.ok(!(await exists(old)));
    assert.ok(await exists(recent));
    const [proof] = await sql`select why, user_id from erasures order by at desc limit 1`;
    assert.deepEqual(proof, { why: "silence", user_id: null });
    const stops = await sql`select id from suppressions where reason = 'erasure'`;
    assert.equal(stops.length, 0, "silence is no opposition");
  });

  it("is not silent who answered, left or took up a newsletter; what we did is no sign of theirs", async () => {
    const [answered, left, written, opened, staff] = [
      await person(),
      await person(),
      await person(),
      await person(),
      await person(),
    ];
    for (const id of [answered, left, written, opened, staff]) await silentSince(id, 5);
    await sql`
      insert into activities (kind, contact_id, data) values
        ('reply', ${answered}, '{}'), ('unsubscribed', ${left}, '{"via":"one_click"}'),
        ('contact.updated', ${written}, '{}'), ('autoreply', ${opened}, '{}'), ('bounce.soft', ${opened}, '{}'),
        ('resubscribed', ${staff}, '{"via":"staff"}'), ('unsubscribed', ${staff}, '{"via":"complaint"}')`;
    await purge();
    assert.deepEqual((await proposed()).sort(), [written, opened, staff].sort());
  });

  it("is not silent who is here today, or whom a source still names", async () => {
    const [student, colleague, named, forgotten] = [
      await person({ kind: "student_src" }),
      await person({ kind: "staff" }),
      await person(),
      await person(),
    ];
    const source = await giveSource(`s${Date.now()}`);
    for (const id of [student, colleague, named, forgotten]) await silentSince(id, 5);
    await sql`
      insert into external_identities (source_id, external_id, contact_id, seen_at) values
        (${source.id}, 'a', ${named}, now() - interval '1 year'), (${source.id}, 'b', ${forgotten}, now() - interval '2 years')`;
    await purge();
    assert.deepEqual(await proposed(), [forgotten]);
    await sql`update sources set archived_at = now() where id = ${source.id}`;
    await tomorrow();
    await purge();
    assert.deepEqual((await proposed()).sort(), [named, forgotten].sort(), "a source put away names nobody");
  });

  it("leaves the list when they give a sign of life, or the duration grows", async () => {
    const [back, longer] = [await person(), await person()];
    await silentSince(back, 4);
    await silentSince(longer, 4);
    await purge();
    await waited(back, 60);
    await waited(longer, 60);
    await sql`insert into activities (kind, contact_id) values ('reply', ${back})`;
    await setRetention({ contacts: 60 }, by);
    await purge();
    assert.deepEqual(await proposed(), []);
    assert.ok((await exists(back)) && (await exists(longer)));
    await setRetention({ contacts: 36 }, by);
  });

  it("is kept by an administrator for as long again, or erased without waiting", async () => {
    const [kept, approved] = [await person(), await person()];
    await silentSince(kept, 4);
    await silentSince(approved, 4);
    await purge();
    assert.deepEqual(await keepContact(kept, by), { ok: true });
    assert.deepEqual(await keepContact(kept, by), { ok: false, reason: "notProposed" });
    assert.deepEqual(await approveErasures([kept, approved], by), { ok: true, count: 1 });
    await tomorrow();
    await purge();
    assert.ok(await exists(kept));
    assert.ok(!(await exists(approved)));
    assert.deepEqual(await proposed(), []);
    await sql`update contact_reviews set kept_at = now() - interval '37 months'`;
    await tomorrow();
    await purge();
    assert.deepEqual(await proposed(), [kept], "asked again after another three years");
  });

  it("pages its list by where the last one stood", async () => {
    for (let i = 0; i < 5; i++) await silentSince(await person(), 4);
    await purge();
    const first = await listProposals(null, 2);
    assert.ok(first.next);
    const second = await listProposals(first.next, 2);
    const third = await listProposals(second.next, 2);
    assert.equal(new Set([...first.rows, ...second.rows, ...third.rows].map(({ id }) => id)).size, 5);
    assert.equal(third.next, null);
  });
});

describe("a clock that leaped", () => {
  it("stops everything until somebody says that it is right, and its leap counts for nobody's delay", async () => {
    await sql`delete from contacts`;
    const old = await person();
    await silentSince(old, 4);
    await tomorrow();
    await purge();
    await waited(old, 20);
    // As when the machine wakes up two years later, or believes so.
    await sql`update purge_clock set seen_at = now() - interval '2 years'`;
    await sql`insert into sandbox_messages (relay_id, folder, envelope_from, recipient, subject, raw, received_at)
      select id, 'sent', 'a@src.example', 'b@src.example', '', '', now() - interval '40 days' from relays limit 1`;
    await purge();
    await purge();
    assert.equal((await sql`select id from sandbox_messages`).length, 1, "nothing went");
    assert.equal((await sql`select id from notices where kind = 'purgeHeld'`).length, 1);
    assert.ok((await sql<{ held_at: Date | null }>`select held_at from purge_clock`)[0]?.held_at);
    await confirmClock(by);
    await purge();
    assert.equal((await sql`select id from sandbox_messages`).length, 0);
    assert.ok(await exists(old), "two years that nobody saw are no month of waiting");
  });

  it("goes on by itself once the clock is put right", async () => {
    await sql`update purge_clock set seen_at = now() + interval '10 days'`;
    await purge();
    assert.ok((await sql<{ held_at: Date | null }>`select held_at from purge_clock`)[0]?.held_at);
    await sql`update purge_clock set seen_at = now() - interval '1 minute'`;
    await purge();
    assert.equal((await sql<{ held_at: Date | null }>`select held_at from purge_clock`)[0]?.held_at, null);
  });
});

describe("what has had its time", () => {
  it("is counted, then gone or blanked, and campaigns still add up", async () => {
    await sql`delete from contacts`;
    const source = await giveSource("annuaire");
    const { id, delivery, campaignId } = await writeEverywhere(source, by);
    assert.ok(
      Object.values(await countDue()).every((n) => n === 0),
      JSON.stringify(await countDue()),
    );
    const totals =
      await sql`select sum(sent)::int as sent, sum(replied)::int as replied from campaign_totals`;
    await sql`insert into link_clicks (campaign_id, link, on_day, clicks) values
      (${campaignId}, 0, current_date - 500, 3), (${campaignId}, 0, current_date - 499, 4), (${campaignId}, 0, current_date, 5)`;
    await age();
    const due = await countDue();
    for (const [rule, n] of Object.entries(due)) assert.ok(n > 0, rule);
    await purge();
    assert.ok(
      Object.values(await countDue()).every((n) => n === 0),
      JSON.stringify(await countDue()),
    );
    const [row] =
      await sql`select address, variables, contact_id, address_hash from deliveries where id = ${delivery}`;
    assert.deepEqual([row?.address, row?.variables, row?.contact_id], [`${delivery}@erased.invalid`, {}, id]);
    const [hash] =
      await sql`select address_hash from email_addresses where contact_id = ${id} and is_primary`;
    assert.deepEqual(row?.address_hash, hash?.address_hash, "the link in an old letter still stops mail");
    assert.deepEqual(
      await sql`select sum(sent)::int as sent, sum(replied)::int as replied from campaign_totals`,
      totals,
    );
    assert.deepEqual(await sql`select clicks from link_clicks order by on_day`, [
      { clicks: 7 },
      { clicks: 5 },
    ]);
    assert.equal((await sql`select id from received_mails where octet_length(raw) > 0`).length, 0);
    assert.equal((await sql`select from sign_in_networks`).length, 0);
    assert.equal((await sql`select from audit_entries where action = 'user.signInRefused'`).length, 1);
    const [answer] = await sql<{
      sender: string;
    }>`select sender from received_mails where class = 'reply' and contact_id = ${id} and sender <> ''`;
    assert.ok(answer, "who answered is part of their contact");
  });
});

/** Everything of two years ago. */
async function age() {
  const tables: Record<string, string> = {
    deliveries: "created_at",
    contents: "created_at",
    bounces: "at",
    received_mails: "received_at",
    sandbox_messages: "received_at",
    sync_runs: "created_at",
    sign_in_failures: "at",
    sign_in_networks: "at",
    notices: "at",
    tasks: "done_at",
  };
  await sql`insert into sign_in_failures (account_hash, address_hash) values ('', '')`;
  await recordAudit({ userId: null, action: "user.signInRefused", subject: "user" }, pool(), "192.0.2.1");
  for (const [table, column] of Object.entries(tables))
    await pool().query(`update ${table} set ${column} = now() - interval '2 years'`);
  await sql`insert into audit_entries (action, subject, at) values ('contact.created', 'contact', now() - interval '4 years')`;
}

describe("a task", () => {
  it("that was done goes after its time; one still to do never", async () => {
    await sql`insert into users (email, name, role) values ('taches@src.example', 'Maud', 'secretariat')`;
    await sql`
      insert into tasks (title, owner_id, due_on, created_at, done_at)
      select title, (select id from users where email = 'taches@src.example'), '2020-01-01', '2020-01-01', done_at
      from (values ('old', now() - interval '13 months'), ('new', now() - interval '11 months'), ('open', null)) t (title, done_at)`;
    await purge();
    assert.deepEqual(
      (await sql`select title from tasks order by title`).map(({ title }) => title),
      ["new", "open"],
    );
  });
});

describe("a duration", () => {
  it("is refused outside its bounds, written down with who set it, and told to the audit", async () => {
    assert.deepEqual(await setRetention({ contacts: 11 }, by), {
      ok: false,
      fields: { contacts: "privacy.errors.bounds" },
    });
    assert.deepEqual(await setRetention({ rawMails: 4, sandbox: 30 }, by), { ok: true });
    const [rule] = await sql<{
      amount: number;
      user_id: number;
    }>`select amount, user_id from retention_rules where rule = 'rawMails'`;
    assert.deepEqual(rule, { amount: 4, user_id: by });
    const entries =
      await sql`select data from audit_entries where action = 'privacy.ruleSet' and data ->> 'rule' in ('rawMails', 'sandbox')`;
    assert.deepEqual(
      entries,
      [{ data: { rule: "rawMails", before: 6, after: 4 } }],
      "what did not change is no change",
    );
  });
});

it("letters are walked through once a month: what was not settled when the walk passed is met by the next", async () => {
  const { campaignId, deliveries } = await giveCampaign([await person()]);
  const id = deliveries[0]?.id ?? 0;
  await sql`update deliveries set status = 'queued', settled_at = null, created_at = now() - interval '20 years' where id = ${id}`;
  const state = async () => {
    const [row] = await sql<{ passed: boolean; erased: boolean }>`
      select after_id >= ${id} as passed, (select erased_at is not null from deliveries where id = ${id}) as erased
      from purge_cursors where rule = 'deliveries'`;
    return row;
  };
  const days = (n: number) =>
    sql`update purge_cursors set swept_at = now() - make_interval(days => ${n}) where rule = 'deliveries'`;
  await days(1);
  await purge();
  assert.deepEqual(await state(), { passed: true, erased: false });
  await sql`update deliveries set status = 'sent', settled_at = now() where campaign_id = ${campaignId}`;
  await days(29);
  await purge();
  assert.deepEqual(await state(), { passed: true, erased: false });
  const walks = () => sql`select rule, after_id from purge_cursors where rule <> 'deliveries' order by rule`;
  const others = await walks();
  await days(31);
  await purge();
  assert.deepEqual([(await state())?.passed, await walks()], [false, others], "a new walk begins");
  await purge();
  assert.deepEqual(await state(), { passed: true, erased: true });
});
