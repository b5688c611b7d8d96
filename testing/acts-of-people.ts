/** The audited mutations of follow-ups and of what readers correct, as in acts.ts. */
import { db, transaction } from "#lib/machine/db";
import { recordCame, takeBackCame } from "#lib/people/activities/came";
import { importOppositions } from "#lib/people/suppressions/oppositions";
import { addTask, changeTask, createTask, finishTask, reopenTask } from "#lib/people/tasks/mutations";
import { decideCorrection } from "#lib/returns/corrections/mutations";
import type { Act } from "#testing/acts";
import { person } from "#testing/campaigns";

const told = (by: number) => ({ title: "Rappeler", ownerId: by, dueOn: "2030-05-02" });
const task = async (by: number) => {
  const made = await createTask(told(by), by);
  return made.ok ? made.id : 0;
};

export const actsOfPeople: Record<string, Act> = {
  createTask: async (by) => () => createTask(told(by), by),
  recordCame: async (by) => {
    const id = await person();
    return () => recordCame([id], { event: "Jury", on: "2026-03-12" }, by);
  },
  takeBackCame: async (by) => {
    const done = await recordCame([await person()], { event: "Jury", on: "2026-03-12" }, by);
    return () => takeBackCame(done.ok ? done.ids : [], by);
  },
  addTask: async (by) => () => transaction((client) => addTask(client, told(by), by)),
  finishTask: async (by) => {
    const id = await task(by);
    return () => finishTask(id, by);
  },
  reopenTask: async (by) => {
    const id = await task(by);
    await finishTask(id, by);
    return () => reopenTask(id, by);
  },
  decideCorrection: async (by) => {
    const { id, at } = await db.correction.create({ data: { contactId: await person(), city: "Pau" } });
    return () => decideCorrection({ id, at, accepted: false }, by);
  },
  importOppositions: async (by) => () =>
    importOppositions([{ line: 1, address: `non${Date.now()}@src.example`, on: null }], "Ancienne liste", by),
  changeTask: async (by) => {
    const id = await task(by);
    return () => changeTask({ id, version: 1 }, { dueOn: "2030-05-03" }, by);
  },
};
