import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { notify } from "#lib/department/notices/mutations";
import { db, sql } from "#lib/machine/db";
import { sendDailyDigest } from "#lib/returns/unsubscribe/digest";
import { givePerson } from "#testing/received";

beforeEach(async () => {
  await db.notice.deleteMany({});
  await db.delivery.deleteMany({});
  await db.settings.update({
    where: { id: 1 },
    data: { secretariatEmail: "secretariat@iut.example", digestAt: null },
  });
});

const left = async (
  address: string,
  daysAgo: number,
  kind: "unsubscribed" | "resubscribed" = "unsubscribed",
  contactId?: number,
) => {
  const id = contactId ?? (await givePerson(address)).id;
  await notify({ kind, contactId: id, data: { scope: "topic", topicId: 1 } });
  await sql`update notices set at = at - make_interval(days => ${daysAgo}) where id = (select max(id) from notices)`;
  return id;
};
/** Today at this hour in Paris. */
const today = async (hour: string) => {
  const [row] = await sql<{ at: Date }>`
    select (date_trunc('day', clock_timestamp() at time zone 'Europe/Paris') + ${hour}::interval) at time zone 'Europe/Paris' as at`;
  return row?.at ?? new Date();
};

test("who left yesterday is told once, however many workers ask", async () => {
  await left("a@exemple.fr", 1);
  await left("b@exemple.fr", 1);
  await left("c@exemple.fr", 0);
  const back = await left("d@exemple.fr", 1);
  await left("d@exemple.fr", 0, "resubscribed", back);
  assert.equal(await sendDailyDigest(await today("7:29")), 0, "too early");
  const now = await today("7:30");
  const counts = await Promise.all([sendDailyDigest(now), sendDailyDigest(now), sendDailyDigest(now)]);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    1,
  );
  const [letter] = await db.delivery.findMany({ include: { content: true } });
  assert.equal(letter?.address, "secretariat@iut.example");
  assert.match(letter?.content.subject ?? "", /^2 /);
  assert.match(letter?.content.text ?? "", /Lettre SRC/);
  assert.equal(await sendDailyDigest(await today("18:00")), 0, "once a day");
  assert.equal(await db.notice.count({ where: { digestedAt: null } }), 2, "today's wait for tomorrow");
});

test("the digest speaks the language of the account it is written to", async () => {
  const address = "secretariat@iut.example";
  const account = await db.user.create({
    data: { email: address, name: "Erin", role: "secretariat", locale: "en", passwordHash: "x" },
  });
  await left("g@exemple.fr", 1);
  assert.equal(await sendDailyDigest(await today("8:00")), 1);
  const [letter] = await db.delivery.findMany({ include: { content: true } });
  assert.match(letter?.content.subject ?? "", /^1 person unsubscribed on \d+ [A-Z][a-z]+ \d{4}$/);
  assert.match(letter?.content.html ?? "", /lang="en"/);
  await db.user.delete({ where: { id: account.id } });
});

test("nothing to tell, no letter; no address, nothing is forgotten", async () => {
  const now = await today("8:00");
  assert.equal(await sendDailyDigest(now), 0);
  await db.settings.update({ where: { id: 1 }, data: { secretariatEmail: "", digestAt: null } });
  await left("e@exemple.fr", 1);
  assert.equal(await sendDailyDigest(now), 0);
  assert.equal(await db.notice.count({ where: { digestedAt: null } }), 1);
  assert.equal(await db.delivery.count(), 0);
});

test("a crowd is counted to the last one, and nobody is done with unread", async () => {
  const { id } = await givePerson("foule@exemple.fr");
  await sql`
    insert into notices (kind, contact_id, data, at)
    select 'unsubscribed', ${id}, '{"scope":"topic","topicId":1}', now() - interval '1 day' from generate_series(1, 5001)`;
  assert.equal(await sendDailyDigest(await today("8:00")), 1);
  const [letter] = await db.delivery.findMany({ include: { content: true } });
  assert.match(letter?.content.subject ?? "", /^5.?001 /);
  assert.equal(await db.notice.count({ where: { digestedAt: null } }), 0);
});
