import { permissions } from "#lib/department/permissions";
import { pool, sql } from "#lib/machine/db";
import { type Page, pageOf, readCursor, Values } from "#lib/machine/keyset";
import { todayInParis } from "#lib/people/tasks/rules";
import type { TaskSearch } from "#lib/people/tasks/schema";

export type TaskRow = {
  id: number;
  version: number;
  title: string;
  ownerId: number;
  owner: string;
  /** `YYYY-MM-DD`, and `HH:MM` of Paris. */
  dueOn: string;
  dueTime: string | null;
  doneAt: Date | null;
  doneBy: string | null;
  contactId: number | null;
  contact: string | null;
  organisationId: number | null;
  organisation: string | null;
  receivedMailId: number | null;
  /** It waits for an answer, or an answer closed it. */
  awaits: boolean;
  answerId: number | null;
};

const columns = `t.id, t.version, t.title, t.owner_id as "ownerId", u.name as owner, to_char(t.due_on, 'YYYY-MM-DD') as "dueOn",
  to_char(t.due_time, 'HH24:MI') as "dueTime", t.done_at as "doneAt", d.name as "doneBy", t.contact_id as "contactId",
  nullif(btrim(c.first_name || ' ' || c.last_name), '') as contact, t.organisation_id as "organisationId", o.name as organisation,
  t.received_mail_id as "receivedMailId", t.awaits_id is not null as awaits, t.answer_id as "answerId"`;
const joins = `join users u on u.id = t.owner_id left join users d on d.id = t.done_by
  left join contacts c on c.id = t.contact_id left join organisations o on o.id = t.organisation_id`;

const size = 50;
const hour = "coalesce(t.due_time, '00:00')";

/** Fifty tasks: what is due first at the top, or what was done last. `me` owns what is « mine ». */
export async function listTasks(search: TaskSearch, me: number, now = new Date()): Promise<Page<TaskRow>> {
  const done = search.view === "done";
  const cursor = readCursor(search, done ? ["instant", "id"] : ["text", "text", "id"]);
  const values = new Values();
  const where = conditions(search, me, todayInParis(now), values);
  const forth = done ? ["t.done_at", "t.id"] : ["t.due_on", hour, "t.id"];
  const kinds = done ? ["timestamptz", "int"] : ["date", "time", "int"];
  if (cursor && soundKeys(cursor.keys, done)) {
    const keys = cursor.keys.map((key, i) => `${values.add(String(key))}::${kinds[i]}`);
    where.push(`(${forth.join(", ")}) ${cursor.backward !== done ? "<" : ">"} (${keys.join(", ")})`);
  }
  const way = (cursor?.backward ?? false) !== done ? " desc" : "";
  const { rows } = await pool().query<TaskRow>(
    `select ${columns} from tasks t ${joins} where ${where.join(" and ")}
     order by ${forth.map((key) => key + way).join(", ")} limit ${size + 1}`,
    values.list,
  );
  return pageOf(rows, size, cursor, (row) =>
    done ? [row.doneAt?.toISOString() ?? "", row.id] : [row.dueOn, row.dueTime ?? "00:00", row.id],
  );
}

/** A cursor somebody wrote by hand names no day and no hour. */
const soundKeys = ([day, time]: unknown[], done: boolean) =>
  done ||
  (/^[1-9]\d{3}-\d\d-\d\d$/.test(String(day)) &&
    !Number.isNaN(Date.parse(String(day))) &&
    new Date(String(day)).toISOString().startsWith(String(day)) &&
    /^([01]\d|2[0-3]):[0-5]\d$/.test(String(time)));

function conditions({ view, owner }: TaskSearch, me: number, today: string, values: Values): string[] {
  const where = [`t.done_at is ${view === "done" ? "not null" : "null"}`];
  if (owner !== "all") where.push(`t.owner_id = ${values.add(owner === "" ? me : owner)}`);
  const way = { late: "<", today: "=", coming: ">" }[view as "late"];
  if (way) where.push(`t.due_on ${way} ${values.add(today)}::date`);
  return where;
}

/** One task, done or not. */
export async function findTask(id: number): Promise<TaskRow | null> {
  const { rows } = await pool().query<TaskRow>(`select ${columns} from tasks t ${joins} where t.id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

export type TaskCounts = { late: number; today: number };
/** A person's own, at most 100 of each: the menu and the dashboard say « 99+ » beyond. */
export async function countTasks(me: number, now = new Date()): Promise<TaskCounts> {
  const today = todayInParis(now);
  const [counts] = await sql<TaskCounts>`
    select (select count(*)::int from (select from tasks where owner_id = ${me} and done_at is null and due_on < ${today}::date limit 100) l) as late,
      (select count(*)::int from (select from tasks where owner_id = ${me} and done_at is null and due_on = ${today}::date limit 100) n) as today`;
  return counts ?? { late: 0, today: 0 };
}

/** Today's and late ones of one person, eight at most, for the dashboard. */
export async function listDueTasks(me: number, now = new Date()): Promise<TaskRow[]> {
  const { rows } = await pool().query<TaskRow>(
    `select ${columns} from tasks t ${joins} where t.done_at is null and t.owner_id = $1 and t.due_on <= $2::date
     order by t.due_on, ${hour}, t.id limit 8`,
    [me, todayInParis(now)],
  );
  return rows;
}

/** What is still to do about somebody, or a company, the next first: twenty at most. */
export async function listTasksAbout(about: {
  contactId?: number;
  organisationId?: number;
}): Promise<TaskRow[]> {
  const { rows } = await pool().query<TaskRow>(
    `select ${columns} from tasks t ${joins}
     where t.done_at is null and (t.contact_id = $1 or t.organisation_id = $2)
     order by t.due_on, ${hour}, t.id limit 20`,
    [about.contactId ?? null, about.organisationId ?? null],
  );
  return rows;
}

export const assigneeRoles = permissions["tasks.edit"];

/** Who may be given a task, by name. */
export const listAssignees = () => sql<{ id: number; name: string }>`
  select id, name from users where disabled_at is null and role = any(${assigneeRoles}::"Role"[])
  order by name, id limit 500`;
