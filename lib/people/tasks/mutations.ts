import { actOn, audited, type By, recordAudit } from "#lib/department/audit/mutations";
import { type Runner, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { assigneeRoles } from "#lib/people/tasks/queries";

export type NewTask = {
  title: string;
  ownerId: number;
  /** `YYYY-MM-DD`; `HH:MM` of Paris, or null for any time. */
  dueOn: string;
  dueTime?: string | null | undefined;
  contactId?: number | undefined;
  organisationId?: number | undefined;
  receivedMailId?: number | undefined;
  /** *Remind if unanswered*: the delivery whose answer closes it. */
  awaitsId?: number | undefined;
};

type Refused = "notFound" | "nobody" | "aboutNobody";

/** A follow-up on its own. */
export const createTask = (task: NewTask, by: number): Promise<Result<{ id: number }, Refused>> =>
  transaction((client) => addTask(client, task, by));

/**
 * A follow-up, in the transaction of what it follows from. About whom: as told, else whom the mail or the letter is
 * about. Refused for an owner whose account is closed or reads only, and when what it names is gone.
 */
export async function addTask(
  client: Runner,
  task: NewTask,
  by: number,
): Promise<Result<{ id: number }, Refused>> {
  const on = sqlOn(client);
  if (!(await mayOwn(client, task.ownerId))) return refused("nobody");
  const [source] = await on<{ found: boolean; contactId: number | null }>`
    select (${task.contactId ?? null}::int is null or exists (select from contacts where id = ${task.contactId ?? null}))
      and (${task.organisationId ?? null}::int is null or exists (select from organisations where id = ${task.organisationId ?? null}))
      and (${task.receivedMailId ?? null}::int is null or exists (select from received_mails where id = ${task.receivedMailId ?? null}))
      and (${task.awaitsId ?? null}::int is null or exists (select from deliveries where id = ${task.awaitsId ?? null})) as found,
      coalesce(${task.contactId ?? null}::int, (select contact_id from received_mails where id = ${task.receivedMailId ?? null}),
        (select contact_id from deliveries where id = ${task.awaitsId ?? null})) as "contactId"`;
  if (!source?.found) return refused("aboutNobody");
  const [row] = await on<{ id: number }>`
    insert into tasks (title, owner_id, due_on, due_time, contact_id, organisation_id, received_mail_id, awaits_id, created_by)
    values (${task.title}, ${task.ownerId}, ${task.dueOn}, ${task.dueTime ?? null}, ${source.contactId}, ${task.organisationId ?? null},
      ${task.receivedMailId ?? null}, ${task.awaitsId ?? null}, ${by}) returning id`;
  const id = row?.id ?? 0;
  await recordAudit(actOn("task.created", id, by, { ownerId: task.ownerId }), client);
  return { ok: true, id };
}

async function mayOwn(client: Runner, userId: number): Promise<boolean> {
  const rows = await sqlOn(client)`
    select id from users where id = ${userId} and disabled_at is null and role = any(${assigneeRoles}::"Role"[])`;
  return rows.length === 1;
}

/** Zero rows: already done. */
export const finishTask = (
  id: number,
  by: number,
): Promise<Result<{ data: { undo: { id: number } } }, "alreadyDone">> =>
  audited(actOn("task.done", id, by), async (client) => {
    const rows = await sqlOn(client)`
      update tasks set done_at = clock_timestamp(), done_by = ${by}, version = version + 1
      where id = ${id} and done_at is null returning id`;
    return rows.length === 1 ? { ok: true, data: { undo: { id } } } : refused("alreadyDone");
  });

/** Done by mistake, or closed by an answer that was none. What it waited for closes it no more. */
export const reopenTask = (id: number, by: number): Promise<Result<object, "notDone">> =>
  audited(actOn("task.reopened", id, by), async (client) => {
    const rows = await sqlOn(client)`
      update tasks set done_at = null, done_by = null, version = version + 1,
        awaits_id = case when answer_id is null then awaits_id end, answer_id = null
      where id = ${id} and done_at is not null returning id`;
    return rows.length === 1 ? ok : refused("notDone");
  });

export type TaskChange = Partial<Pick<NewTask, "title" | "ownerId" | "dueOn" | "dueTime">>;
/** What takes a change back: the fields of putBackTask. */
export type PutBack = { id: number; version: number; ownerId: number; dueOn: string };

/** Moves, gives or rewords a task as it was seen. Zero rows: done, or a colleague changed it since. */
export const changeTask = (
  { id, version }: { id: number; version: number },
  change: TaskChange,
  by: By,
): Promise<Result<{ data: { undo: PutBack } }, "changed" | "nobody">> =>
  audited(actOn("task.updated", id, by, { fields: Object.keys(change) }), async (client) => {
    if (change.ownerId !== undefined && !(await mayOwn(client, change.ownerId))) return refused("nobody");
    const [before] = await sqlOn(client)<{ ownerId: number; dueOn: string }>`
      with before as (
        select id, owner_id, due_on from tasks where id = ${id} and version = ${version} and done_at is null for update
      ), changed as (
        update tasks t set version = t.version + 1, title = coalesce(${change.title ?? null}, t.title),
          owner_id = coalesce(${change.ownerId ?? null}::int, t.owner_id), due_on = coalesce(${change.dueOn ?? null}::date, t.due_on),
          due_time = case when ${"dueTime" in change}::boolean then ${change.dueTime ?? null}::time else t.due_time end
        from before where t.id = before.id returning t.id
      )
      select owner_id as "ownerId", to_char(due_on, 'YYYY-MM-DD') as "dueOn" from before, changed`;
    if (!before) return refused("changed");
    return { ok: true, data: { undo: { id, version: version + 1, ...before } } };
  });
