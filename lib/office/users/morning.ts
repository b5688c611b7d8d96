/** The morning's letter to each of the staff who have something to do: their tasks of today and the late ones. */

import type { Role } from "#db/enums";
import { tasksMail } from "#emails/transactional";
import { getHouse } from "#lib/department/settings/house";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { countThreads } from "#lib/letters/threads/queries";
import { sql, sqlOn, transaction } from "#lib/machine/db";
import { wallClock } from "#lib/machine/paris";
import { assigneeRoles, countTasks, listDueTasks } from "#lib/people/tasks/queries";

/** Between these hours of Paris, from Monday to Friday: a machine that starts later lets the day be. */
const [from, until] = ["07:30", "11:00"];

type Person = { id: number; email: string; name: string; locale: string; role: Role };

/**
 * The worker's task, asked by every worker: whose update of the account succeeds writes the letter, in the same
 * transaction. Once a morning each: what is given during the day waits for the next. Returns how many letters were queued.
 */
export async function tellTasks(now = new Date()): Promise<number> {
  const [day = "", hour = ""] = wallClock(now).split("T");
  const weekend = new Date(`${day}T00:00:00Z`).getUTCDay() % 6 === 0;
  if (weekend || hour < from || hour >= until) return 0;
  const people = await sql<Person>`
    select id, email, name, locale, role::text from users
    where disabled_at is null and role = any(${assigneeRoles}::"Role"[]) and (tasks_told_on is null or tasks_told_on < ${day}::date)
    order by id`;
  let told = 0;
  for (const person of people) told += Number(await tell(person, day, now));
  return told;
}

async function tell(person: Person, day: string, now: Date): Promise<boolean> {
  // Rendering is slow: done before the transaction, for whoever then wins it.
  const letter = await letterFor(person, now);
  return transaction(async (client) => {
    const won = await sqlOn(client)`
      update users set tasks_told_on = ${day}::date
      where id = ${person.id} and (tasks_told_on is null or tasks_told_on < ${day}::date) returning id`;
    if (won.length === 0 || !letter) return false;
    await enqueueLetter({ kind: "transactional", to: person.email, ...letter }, client);
    return true;
  });
}

/** Null for who has nothing late and nothing today. */
async function letterFor(person: Person, now: Date) {
  const counts = await countTasks(person.id, now);
  if (counts.late + counts.today === 0) return null;
  const [tasks, threads, { brand, publicUrl, product }] = await Promise.all([
    listDueTasks(person.id, now),
    countThreads(person),
    getHouse(),
  ]);
  return tasksMail({
    ...{ brand, product, name: person.name, locale: person.locale === "en" ? "en" : "fr" },
    ...counts,
    conversations: threads.mine,
    tasks: tasks.map(({ title, contact, organisation }) => ({ title, about: contact ?? organisation ?? "" })),
    url: `${publicUrl}/tasks`,
  });
}
