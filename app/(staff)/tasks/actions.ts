"use server";
import { action } from "#lib/gates/action";
import { changeTask, createTask, finishTask, reopenTask } from "#lib/people/tasks/mutations";
import { postponed, todayInParis } from "#lib/people/tasks/rules";
import { editedTask, givenTask, newTask, postponedTask, putBackTask, taskId } from "#lib/people/tasks/schema";

export const create = action("tasks.edit", newTask, (input, user) => createTask(input, user.id));
export const finish = action("tasks.edit", taskId, ({ id }, user) => finishTask(id, user.id));
export const reopen = action("tasks.edit", taskId, ({ id }, user) => reopenTask(id, user.id));
export const edit = action("tasks.edit", editedTask, ({ id, version, ...change }, user) =>
  changeTask({ id, version }, change, user.id),
);
export const postpone = action("tasks.edit", postponedTask, ({ id, version, dueOn, to }, user) =>
  changeTask({ id, version }, { dueOn: postponed(dueOn, to, todayInParis()) }, user.id),
);
export const give = action("tasks.edit", givenTask, ({ id, version, ownerId }, user) =>
  changeTask({ id, version }, { ownerId }, user.id),
);
/** What a move or a gift takes back. */
export const putBack = action("tasks.edit", putBackTask, ({ id, version, ownerId, dueOn }, user) =>
  changeTask({ id, version }, { ownerId, dueOn }, user.id),
);
