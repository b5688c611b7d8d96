/** Who is truly interested: the written rule, what decides it, and that lists and segments say the same. */
import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { db, pool, sql, sqlOn, transaction } from "#lib/machine/db";
import { interestLevels, interestSql } from "#lib/people/contacts/interest";
import { listContacts } from "#lib/people/contacts/queries";
import { contactSearch } from "#lib/people/contacts/schema";
import { findInterest } from "#lib/people/contacts/signs";
import { previewSegment } from "#lib/people/segments/queries";
import { giveCampaign, givePerson } from "#testing/received";

let made = 0;
const person = async () => (await givePerson(`interet${++made}@exemple.fr`)).id;
const aged = async (months: number) => {
  const id = await person();
  await sql`update contacts set created_at = now() - make_interval(months => ${months}) where id = ${id}`;
  return id;
};
async function mail(
  contactId: number,
  monthsAgo: number,
  { name = "reply", deliveryId = null as number | null } = {},
) {
  const [row] = await sql<{ id: number }>`
    insert into received_mails (relay_id, digest, uid, class, raw, contact_id, delivery_id, received_at)
    select min(id), sha256(${`${++made}`}::bytea), ${made}, ${name}, '', ${contactId}, ${deliveryId}::int, now() - make_interval(months => ${monthsAgo})
    from relays returning id`;
  return row?.id ?? 0;
}
async function choose(contactId: number, monthsAgo: number, via = "page") {
  await sql`
    insert into subscription_events (contact_id, topic_id, change, via, at)
    values (${contactId}, 1, 'subscribed', ${via}, now() - make_interval(months => ${monthsAgo}))`;
}
const level = async (id: number) => (await findInterest(id))?.level;

describe("the level of a contact", () => {
  it("is the written rule, at both sides of each bound", async () => {
    const cases: [string, string | null, string | null, string][] = [
      ["10 years", "12 months -1 day", null, "loyal"],
      ["10 years", "12 months", null, "attentive"],
      ["10 years", "24 months -1 day", null, "attentive"],
      ["10 years", "24 months", null, "discreet"],
      ["10 years", "36 months -1 day", null, "discreet"],
      ["10 years", "36 months", null, "silent"],
      ["10 years", null, "1 day", "attentive"],
      ["10 years", null, "12 months", "discreet"],
      ["10 years", null, "36 months", "silent"],
      ["10 years", "30 months", "1 month", "attentive"],
      ["10 years", "40 months", "35 months", "discreet"],
      ["6 months -1 day", null, null, "new"],
      ["6 months", null, null, "silent"],
      ["1 month", "50 months", null, "new"],
      ["1 month", "1 day", null, "loyal"],
    ];
    for (const [created, spoke, chose, expected] of cases) {
      const [row] = await sql<{ level: string }>`
        select interest_level(at - ${created}::interval, at - ${spoke}::interval, at - ${chose}::interval, at) as level
        from (values ('2026-11-27T12:00:00Z'::timestamptz)) t (at)`;
      assert.equal(row?.level, expected, `${created} ${spoke} ${chose}`);
    }
  });

  it("comes from what they did, never from a machine, a file or what we sent", async () => {
    const id = await aged(50);
    await giveCampaign([id]);
    for (const name of ["auto-reply", "bounce", "complaint", "other"]) await mail(id, 1, { name });
    await choose(id, 1, "import");
    await choose(id, 1, "staff");
    assert.deepEqual(await findInterest(id), {
      level: "silent",
      sign: null,
      at: null,
      mailId: null,
      name: null,
    });
    await choose(id, 1);
    assert.deepEqual([await level(id), (await findInterest(id))?.sign], ["attentive", "chose"]);
    await mail(id, 1);
    assert.deepEqual([await level(id), (await findInterest(id))?.sign], ["loyal", "wrote"]);
  });

  it("is explained by the event that decides it", async () => {
    const id = await aged(50);
    const { deliveries, campaignId } = await giveCampaign([id]);
    await choose(id, 30);
    await mail(id, 14);
    const answer = await mail(id, 13, { deliveryId: deliveries[0]?.id ?? null });
    const { name } = await db.campaign.findUniqueOrThrow({ where: { id: campaignId } });
    const told = await findInterest(id);
    assert.deepEqual(
      [told?.level, told?.sign, told?.mailId, told?.name],
      ["attentive", "answered", answer, name],
    );
    await choose(id, 1);
    assert.equal((await findInterest(id))?.sign, "answered", "what they wrote decides already");
  });

  it("goes when a mail is judged anew, or a newsletter left", async () => {
    const id = await aged(50);
    const reply = await mail(id, 1);
    assert.equal(await level(id), "loyal");
    await sql`update received_mails set class = 'auto-reply' where id = ${reply}`;
    assert.equal(await level(id), "silent");
    await sql`update received_mails set class = 'reply' where id = ${reply}`;
    assert.equal(await level(id), "loyal");
    const other = await aged(50);
    await sql`update received_mails set contact_id = ${other} where id = ${reply}`;
    assert.deepEqual([await level(id), await level(other)], ["silent", "loyal"]);
    await sql`delete from received_mails where id = ${reply}`;
    assert.equal(await level(other), "silent");
    await choose(id, 1);
    assert.equal(await level(id), "attentive");
    await sql`update subscriptions set unsubscribed_at = now() where contact_id = ${id}`;
    await sql`insert into subscription_events (contact_id, topic_id, change, via) values (${id}, 1, 'unsubscribed', 'page')`;
    assert.equal(await level(id), "silent");
  });

  it("costs what each did, however many do it at once, and locks no more", async () => {
    const many = 400;
    await transaction(async (client) => {
      const sql = sqlOn(client);
      const people = await sql<{ id: number }>`
        insert into contacts (kind, last_name) select 'former_src', 'Bulk' from generate_series(1, ${many}::int) returning id`;
      const ids = people.map(({ id }) => id);
      await sql`
        insert into received_mails (relay_id, digest, uid, class, raw, contact_id)
        select (select min(id) from relays), sha256(('bulk' || id)::bytea), id, 'reply', '', id from unnest(${ids}::int[]) id`;
      await sql`
        insert into subscription_events (contact_id, topic_id, change, via)
        select id, 1, 'subscribed', 'staff' from unnest(${ids}::int[]) id`;
      await sql`update received_mails set class = 'auto-reply' where contact_id = any(${ids}::int[])`;
      const [cost] = await sql<{ read: number; locks: number }>`
        select (seq_tup_read + idx_tup_fetch)::int as read,
          (select count(*)::int from pg_locks where pid = pg_backend_pid() and locktype = 'advisory') as locks
        from pg_stat_xact_user_tables where relname = 'received_mails'`;
      assert.ok(cost && cost.read < 20 * many, `${cost?.read} mails read`);
      assert.equal(cost.locks, 0);
      await sql`delete from contacts where id = any(${ids}::int[])`;
    });
  });

  it("of somebody erased is gone with them", async () => {
    const id = await person();
    await mail(id, 1);
    await db.contact.delete({ where: { id } });
    assert.equal((await sql`select from contact_signs where contact_id = ${id}`).length, 0);
    assert.equal(await findInterest(id), null);
  });
});

describe("lists and segments", () => {
  it("put each contact in one level, the one of their page", async () => {
    await person();
    for (const months of [1, 13, 25, 37]) {
      await mail(await aged(months), months);
      await choose(await aged(60), months);
    }
    for (const one of interestLevels) {
      const { rows } = await listContacts(contactSearch.parse({ interest: one }));
      assert.ok(rows.length > 0, one);
      for (const row of rows) assert.deepEqual([row.interest, await level(row.id)], [one, one]);
      const segment = await previewSegment(
        {
          match: "all",
          groups: [{ match: "all", conditions: [{ field: "interest", in: [one] }] }],
        },
        100,
      );
      assert.deepEqual(segment.map(({ id }) => id).sort(), rows.map(({ id }) => id).sort());
    }
    const tests = interestLevels.map((one) => `(${interestSql(one)})::int`).join(" + ");
    const { rows } = await pool().query(`select c.id from contacts c where ${tests} <> 1`);
    assert.deepEqual(rows, []);
  });
});
