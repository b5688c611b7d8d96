/** The life of a follow-up: made, moved, given, done, taken back; closed by an answer, moved by an absence. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { db, sql, transaction } from "#lib/machine/db";
import { awaitReturn, closeAnswered } from "#lib/people/tasks/awaiting";
import { changeTask, createTask, finishTask, type NewTask, reopenTask } from "#lib/people/tasks/mutations";
import {
  countTasks,
  findTask,
  listAssignees,
  listDueTasks,
  listTasks,
  listTasksAbout,
} from "#lib/people/tasks/queries";
import { taskSearch } from "#lib/people/tasks/schema";
import { giveCampaign, givePerson } from "#testing/received";

const noon = new Date("2026-11-27T11:00:00Z");
let [maud, hugo, reader, gone] = [0, 0, 0, 0];

before(async () => {
  const user = async (name: string, role: "secretariat" | "teacher" | "reader", disabledAt: Date | null) =>
    (await db.user.create({ data: { name, role, disabledAt, email: `${name.toLowerCase()}@src.example` } }))
      .id;
  [maud, hugo] = [await user("Maud", "secretariat", null), await user("Hugo", "teacher", null)];
  [reader, gone] = [await user("Lise", "reader", null), await user("Partie", "teacher", new Date())];
});

async function give(task: Partial<NewTask> = {}): Promise<number> {
  const made = await createTask({ title: "Rappeler", ownerId: maud, dueOn: "2026-11-27", ...task }, maud);
  assert.ok(made.ok, JSON.stringify(made));
  return made.id;
}
const state = async (id: number) => {
  const task = await findTask(id);
  assert.ok(task);
  return task;
};
const ids = async (search: Record<string, unknown>, me = maud) =>
  (await listTasks(taskSearch.parse(search), me, noon)).rows.map(({ id }) => id);
const lastEntry = async () =>
  (await sql`select action, subject_id, data from audit_entries order by id desc limit 1`)[0];

describe("a task", () => {
  it("belongs to somebody who may do it", async () => {
    for (const ownerId of [reader, gone, 999_999])
      assert.deepEqual(await createTask({ title: "x", ownerId, dueOn: "2026-11-27" }, maud), {
        ok: false,
        reason: "nobody",
      });
    assert.deepEqual(
      (await listAssignees()).map(({ name }) => name),
      ["Hugo", "Maud"],
    );
  });

  it("is about whom the mail or the letter it is made from is about", async () => {
    const person = await givePerson("about@src.example");
    const { deliveries, relayId } = await giveCampaign([person.id]);
    const [mail] = await sql<{ id: number }>`
      insert into received_mails (relay_id, digest, uid, class, raw, contact_id)
      values (${relayId}, sha256('about'), 1, 'reply', '', ${person.id}) returning id`;
    assert.equal((await state(await give({ receivedMailId: mail?.id }))).contactId, person.id);
    assert.equal((await state(await give({ awaitsId: deliveries[0]?.id }))).contactId, person.id);
    const other = await givePerson("other@src.example");
    const told = await state(await give({ receivedMailId: mail?.id, contactId: other.id }));
    assert.deepEqual([told.contactId, told.receivedMailId], [other.id, mail?.id]);
    assert.equal((await listTasksAbout({ contactId: person.id })).length, 2);
    for (const nothing of ["contactId", "organisationId", "receivedMailId", "awaitsId"])
      assert.deepEqual(
        await createTask({ title: "x", ownerId: maud, dueOn: "2026-11-27", [nothing]: 999_999 }, maud),
        { ok: false, reason: "aboutNobody" },
        nothing,
      );
  });

  it("is done once, by whoever clicked first, and taken back", async () => {
    const id = await give();
    assert.ok((await finishTask(id, hugo)).ok);
    assert.deepEqual(await finishTask(id, maud), { ok: false, reason: "alreadyDone" });
    assert.equal((await state(id)).doneBy, "Hugo");
    assert.ok((await reopenTask(id, maud)).ok);
    assert.deepEqual(await reopenTask(id, maud), { ok: false, reason: "notDone" });
    const { doneAt, doneBy } = await state(id);
    assert.deepEqual([doneAt, doneBy], [null, null]);
  });

  it("is moved and given as it was seen, and put back as it was", async () => {
    const beside = await give();
    const id = await give({ dueTime: "14:00" });
    const moved = await changeTask({ id, version: 1 }, { dueOn: "2026-11-30" }, maud);
    assert.deepEqual(moved, {
      ok: true,
      data: { undo: { id, version: 2, ownerId: maud, dueOn: "2026-11-27" } },
    });
    assert.deepEqual((await lastEntry())?.data, { fields: ["dueOn"] });
    assert.deepEqual(await changeTask({ id, version: 1 }, { ownerId: hugo }, maud), {
      ok: false,
      reason: "changed",
    });
    assert.ok((await changeTask({ id, version: 2 }, { ownerId: hugo }, maud)).ok);
    assert.deepEqual(await changeTask({ id, version: 3 }, { ownerId: reader }, maud), {
      ok: false,
      reason: "nobody",
    });
    const now = await state(id);
    assert.deepEqual(
      [now.owner, now.dueOn, now.dueTime, now.title],
      ["Hugo", "2026-11-30", "14:00", "Rappeler"],
    );
    assert.ok((await changeTask({ id, version: 3 }, { title: "Écrire", dueTime: null }, maud)).ok);
    assert.deepEqual([(await state(id)).title, (await state(id)).dueTime], ["Écrire", null]);
    const { dueOn, owner, title } = await state(beside);
    assert.deepEqual([dueOn, owner, title], ["2026-11-27", "Maud", "Rappeler"], "no other is touched");
    await finishTask(id, hugo);
    assert.deepEqual(await changeTask({ id, version: 5 }, { ownerId: maud }, maud), {
      ok: false,
      reason: "changed",
    });
  });
});

describe("the list", () => {
  it("has mine and everybody's, late, today's, coming and done, what is due first at the top", async () => {
    await sql`delete from tasks`;
    const late = await give({ dueOn: "2026-11-20" });
    const evening = await give({ dueTime: "18:00" });
    const anytime = await give();
    const coming = await give({ dueOn: "2026-12-24" });
    const his = await give({ ownerId: hugo });
    const done = await give();
    await finishTask(done, maud);
    assert.deepEqual(await ids({}), [late, anytime, evening, coming]);
    assert.deepEqual(await ids({ owner: "all" }), [late, anytime, his, evening, coming]);
    assert.deepEqual(await ids({ owner: String(hugo) }), [his]);
    assert.deepEqual(await ids({ view: "late" }), [late]);
    assert.deepEqual(await ids({ view: "today" }), [anytime, evening]);
    assert.deepEqual(await ids({ view: "coming" }), [coming]);
    assert.deepEqual(await ids({ view: "done" }), [done]);
    assert.deepEqual(await countTasks(maud, noon), { late: 1, today: 2 });
    assert.deepEqual(
      (await listDueTasks(maud, noon)).map(({ id }) => id),
      [late, anytime, evening],
    );
  });

  it("is read page by page, forth and back", async () => {
    await sql`delete from tasks`;
    await sql`insert into tasks (title, owner_id, due_on, due_time)
      select 'n' || n, ${maud}, '2026-11-01'::date + n / 40, case when n % 3 = 0 then '09:00'::time end from generate_series(1, 120) n`;
    for (const view of ["open", "done"]) {
      const all: number[] = [];
      let page = await listTasks(taskSearch.parse({ view }), maud);
      const first = page.rows.map(({ id }) => id);
      for (;;) {
        all.push(...page.rows.map(({ id }) => id));
        if (!page.next) break;
        page = await listTasks(taskSearch.parse({ view, after: page.next }), maud);
      }
      assert.equal(new Set(all).size, 120, view);
      assert.equal(all.length, 120, view);
      page = await listTasks(taskSearch.parse({ view, before: page.previous }), maud);
      page = await listTasks(taskSearch.parse({ view, before: page.previous }), maud);
      assert.deepEqual(
        page.rows.map(({ id }) => id),
        first,
        view,
      );
      await sql`update tasks set done_at = now() - id * interval '1 minute'`;
    }
  });

  it("takes a cursor written by hand for none", async () => {
    for (const keys of [
      ["2026-02-31", "00:00", 1],
      ["x", "00:00", 1],
      ["2026-01-01", "25:00", 1],
    ])
      await assert.doesNotReject(
        listTasks(taskSearch.parse({ after: Buffer.from(JSON.stringify(keys)).toString("base64url") }), maud),
      );
  });
});

describe("a task that waits for an answer", () => {
  const awaited = async (address: string) => {
    const { deliveries, relayId } = await giveCampaign([(await givePerson(address)).id]);
    const delivery = deliveries[0]?.id ?? 0;
    const [mail] = await sql<{ id: number }>`
      insert into received_mails (relay_id, digest, uid, class, raw) values (${relayId}, sha256(${address}::bytea), 1, 'reply', '') returning id`;
    return { delivery, mail: mail?.id ?? 0, task: await give({ awaitsId: delivery }) };
  };

  it("is closed by one, of that letter only, and once", async () => {
    const one = await awaited("one@src.example");
    const two = await awaited("two@src.example");
    const plain = await give();
    assert.equal(await transaction((client) => closeAnswered(client, [one.delivery], one.mail)), 1);
    assert.equal(await transaction((client) => closeAnswered(client, [one.delivery], two.mail)), 0);
    const closed = await state(one.task);
    assert.deepEqual([closed.doneAt !== null, closed.doneBy, closed.answerId], [true, null, one.mail]);
    assert.deepEqual([(await state(two.task)).doneAt, (await state(plain)).doneAt], [null, null]);
    // Taken back, because that was no answer: another one does not close it behind one's back.
    assert.ok((await reopenTask(one.task, maud)).ok);
    assert.deepEqual([(await state(one.task)).answerId, (await state(one.task)).awaits], [null, false]);
  });

  it("done by hand and taken back, still waits", async () => {
    const { task } = await awaited("three@src.example");
    await finishTask(task, maud);
    await reopenTask(task, maud);
    assert.equal((await state(task)).awaits, true);
  });

  it("is moved to the day somebody is back, never earlier, never once done", async () => {
    const { delivery, task } = await awaited("away@src.example");
    const move = (day: string) => transaction((client) => awaitReturn(client, [delivery], day));
    assert.equal(await move("2026-11-20"), 0);
    assert.equal((await state(task)).dueOn, "2026-11-27");
    assert.equal(await move("2027-01-04"), 1);
    assert.equal((await state(task)).dueOn, "2027-01-04");
    await finishTask(task, maud);
    assert.equal(await move("2027-02-04"), 0);
  });
});
