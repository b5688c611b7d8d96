/** Who came to something: once, on its day, told on the page and by the level, taken back whole. */
import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { recordCame, takeBackCame } from "#lib/people/activities/came";
import { listEvents } from "#lib/people/activities/events";
import { listContactTimeline } from "#lib/people/activities/queries";
import { cameInput } from "#lib/people/activities/schema";
import { listContacts } from "#lib/people/contacts/queries";
import { contactSearch } from "#lib/people/contacts/schema";
import { findInterest } from "#lib/people/contacts/signs";
import { person } from "#testing/campaigns";

const { id: by } = await db.user.create({
  data: { email: "maud@src.example", name: "Maud", role: "secretariat" },
});
const aged = async () => person({ createdAt: new Date("2010-01-01") });
const day = async (text: string) =>
  (
    await sql<{
      day: string;
    }>`select ((now() at time zone 'Europe/Paris')::date - ${text}::interval)::date::text as day`
  )[0]?.day ?? "";
const came = (rows: { kind: string }[]) => rows.filter(({ kind }) => kind === "came").length;

describe("somebody who came", () => {
  it("is loyal for a year, attentive for two, by the last thing they came to", async () => {
    const id = await aged();
    assert.equal((await findInterest(id))?.level, "silent");
    for (const [age, level] of [
      ["3 years 1 day", "silent"],
      ["2 years 1 day", "discreet"],
      ["1 year 1 day", "attentive"],
      ["1 day", "loyal"],
      ["2 years 2 days", "loyal"],
    ] as const) {
      const on = await day(age);
      assert.ok((await recordCame([id], { event: `Portes ouvertes ${age}`, on }, by)).ok);
      const told = await findInterest(id);
      assert.deepEqual([told?.level, told?.sign], [level, "came"], age);
    }
    assert.equal((await findInterest(id))?.name, "Portes ouvertes 1 day");
  });

  it("is told on their page at the day of the event, and found in the list", async () => {
    const id = await aged();
    await recordCame([id], { event: "Journée des anciens", on: "2026-03-12" }, by);
    const { rows } = await listContactTimeline(id, {});
    const [moment] = rows;
    assert.deepEqual(
      [moment?.kind, moment?.at.toISOString(), moment?.data, moment?.userName],
      ["came", "2026-03-12T11:00:00.000Z", { event: "Journée des anciens", on: "2026-03-12" }, "Maud"],
    );
    const listed = await listContacts(contactSearch.parse({ interest: "loyal" }));
    assert.ok(listed.rows.some((row) => row.id === id));
  });

  it("came once, whoever says it again", async () => {
    const [one, other] = [await aged(), await aged()];
    const event = { event: "Jury", on: "2026-06-01" };
    const [first, second] = await Promise.all([recordCame([one], event, by), recordCame([one], event, by)]);
    assert.deepEqual([first.ok, second.ok].sort(), [false, true]);
    const both = await recordCame([one, other, 999_999], event, by);
    assert.equal(both.ok && both.ids.length, 1, "only whoever was missing");
    assert.deepEqual(await recordCame([one, other], event, by), { ok: false, reason: "already" });
    assert.ok(
      (await recordCame([one], { ...event, on: "2026-06-02" }, by)).ok,
      "another day is another time",
    );
  });

  it("did not come to what is still to come", async () => {
    const id = await aged();
    assert.deepEqual(await recordCame([id], { event: "Gala", on: await day("-1 day") }, by), {
      ok: false,
      reason: "notYet",
    });
    const today = await recordCame([id], { event: "Gala", on: await day("0 days") }, by);
    assert.ok(today.ok);
    const { rows } = await listContactTimeline(id, {});
    assert.ok((rows[0]?.at.getTime() ?? 0) <= Date.now(), "never in the future");
  });

  it("is taken back whole, with its level, and nothing else is", async () => {
    const [one, other] = [await aged(), await aged()];
    await recordCame([one], { event: "Avant", on: await day("1 year 1 day") }, by);
    const done = await recordCame([one, other], { event: "Salon", on: await day("2 days") }, by);
    assert.ok(done.ok);
    const entry = () =>
      db.auditEntry.findFirst({
        orderBy: { id: "desc" },
        select: { action: true, subjectId: true, data: true, userId: true },
      });
    assert.deepEqual(await entry(), {
      action: "contacts.came",
      subjectId: null,
      data: { count: 2 },
      userId: by,
    });
    const [{ id: created } = { id: 0 }] = await sql<{ id: number }>`
      insert into activities (kind, contact_id) values ('contact.created', ${one}) returning id`;
    const back = await takeBackCame([...done.ids, created], by);
    assert.deepEqual(back.ok && back.contactIds.sort(), [one, other].sort());
    assert.equal((await entry())?.action, "contacts.cameTakenBack");
    assert.deepEqual(await takeBackCame(done.ids, by), { ok: false, reason: "notFound" });
    assert.deepEqual(
      [(await findInterest(one))?.level, (await findInterest(other))?.level],
      ["attentive", "silent"],
    );
    const { rows } = await listContactTimeline(one, {});
    assert.deepEqual([came(rows), rows.length], [1, 2]);
  });

  it("goes with whoever is erased", async () => {
    const id = await aged();
    await recordCame([id], { event: "Visite", on: "2026-01-05" }, by);
    await db.contact.delete({ where: { id } });
    assert.deepEqual(await sql`select from activities where contact_id = ${id}`, []);
  });
});

it("what people came to is offered again, the latest first, once", async () => {
  await sql`delete from activities where kind = 'came'`;
  const ids = [await aged(), await aged()];
  for (const on of ["2025-01-05", "2026-01-05", "2024-01-05"])
    await recordCame(ids, { event: "Visite", on }, by);
  assert.deepEqual(await listEvents(2), [
    { event: "Visite", on: "2026-01-05" },
    { event: "Visite", on: "2025-01-05" },
  ]);
});

it("the form takes whole days and a name, of five hundred at most", () => {
  const good = { contacts: "3,5", event: " Journée  des anciens ", on: "2026-03-12" };
  assert.deepEqual(cameInput.parse(good), {
    contacts: [3, 5],
    event: "Journée des anciens",
    on: "2026-03-12",
  });
  const many = Array.from({ length: 501 }, (_, i) => i + 1).join();
  for (const wrong of [
    { event: " " },
    { on: "2026-02-30" },
    { on: "" },
    { contacts: "" },
    { contacts: "a" },
    { contacts: many },
  ])
    assert.equal(
      cameInput.safeParse({ ...good, ...wrong }).success,
      false,
      JSON.stringify(wrong).slice(0, 60),
    );
});
