import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Role } from "#db/enums";
import { db } from "#lib/machine/db";
import { tellTasks } from "#lib/office/users/morning";

/** A Friday, in winter: Paris is an hour ahead. */
const at = (hour: string, day = "2026-11-27") => new Date(`${day}T${hour}:00+01:00`);
let n = 0;
const user = (role: Role, data: object = {}) =>
  db.user.create({ data: { email: `m${++n}@src.example`, name: "Ada Prof", role, ...data } });
const task = (ownerId: number, title: string, dueOn: string, data: object = {}) =>
  db.task.create({ data: { ownerId, title, dueOn: new Date(`${dueOn}T00:00:00Z`), ...data } });
const letters = () => db.delivery.findMany({ include: { content: true }, orderBy: { address: "asc" } });

beforeEach(async () => {
  await db.task.deleteMany({});
  await db.delivery.deleteMany({});
  await db.user.updateMany({ data: { disabledAt: new Date() } });
});

test("each reads their own late tasks and today's, once a morning, however many workers ask", async () => {
  const [ada, bob, idle] = [
    await user("teacher"),
    await user("secretariat", { locale: "en" }),
    await user("teacher"),
  ];
  await task(ada.id, "Rappeler <Zoé>", "2026-11-25");
  await task(ada.id, "Préparer le jury", "2026-11-27");
  await task(ada.id, "Plus tard", "2026-11-28");
  await task(ada.id, "Faite", "2026-11-26", { doneAt: new Date() });
  await task(bob.id, "Call", "2026-11-27");
  await task(idle.id, "Demain", "2026-11-28");
  assert.equal(await tellTasks(at("07:29")), 0, "too early");
  const counts = await Promise.all([tellTasks(at("07:30")), tellTasks(at("07:30")), tellTasks(at("07:30"))]);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    2,
  );
  const [first, second] = await letters();
  assert.deepEqual([first?.address, second?.address], [ada.email, bob.email]);
  assert.equal(first?.content.subject, "2 tâches vous attendent, dont 1 en retard");
  assert.match(first?.content.text ?? "", /Rappeler <Zoé>[\s\S]*Préparer le jury/);
  assert.match(first?.content.html ?? "", /Rappeler &lt;Zoé&gt;/);
  assert.doesNotMatch(first?.content.text ?? "", /Plus tard|Faite/);
  assert.equal(second?.content.subject, "1 task is waiting for you");
  await task(idle.id, "Donnée ce matin", "2026-11-27");
  assert.equal(await tellTasks(at("09:00")), 0, "what is given during the day waits for the next");
});

test("nobody is written to on a weekend, late in the day, after leaving, or without the right to tasks", async () => {
  for (const one of [await user("reader"), await user("teacher", { disabledAt: new Date() })])
    await task(one.id, "Rappeler", "2026-11-20");
  assert.equal(await tellTasks(at("08:00")), 0);
  const ada = await user("teacher");
  await task(ada.id, "Rappeler", "2026-11-20");
  assert.equal(await tellTasks(at("08:00", "2026-11-28")), 0);
  assert.equal(await tellTasks(at("08:00", "2026-11-29")), 0);
  assert.equal(await tellTasks(at("11:00")), 0);
  assert.equal(await tellTasks(at("08:00", "2026-11-30")), 1, "on Monday it is still late");
  assert.equal(await tellTasks(at("08:00", "2026-12-01")), 1, "and on Tuesday too");
});
