import type { AuditAction } from "#lib/department/audit/actions";
import { type AuditFact, audited, type By } from "#lib/department/audit/mutations";
import { followTick } from "#lib/letters/threads/mutations";
import { db, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/**
 * A reply somebody has seen to; zero rows: a colleague was faster. Its thread in « Messagerie » follows.
 * @unaudited A tick of the day’s work, taken back by a click.
 */
export const markHandled = (id: number): Promise<Result<object, "alreadyHandled">> =>
  transaction(async (client) => {
    const rows = await sqlOn(client)`
      update received_mails set handled_at = clock_timestamp() where id = ${id} and handled_at is null returning id`;
    if (rows.length === 0) return refused("alreadyHandled");
    await followTick(client, id, true);
    return ok;
  });

/** @unaudited The same tick, taken back. */
export const markUnhandled = (id: number): Promise<Result<object, "notHandled">> =>
  transaction(async (client) => {
    const rows = await sqlOn(client)`
      update received_mails set handled_at = null where id = ${id} and handled_at is not null returning id`;
    if (rows.length === 0) return refused("notHandled");
    await followTick(client, id, false);
    return ok;
  });

/**
 * Reads the kept mails again, to see what would change; one that waited to be decided gives way. Refused while one is
 * looking, applied or undone.
 */
export const startRejudging = (by: By): Promise<Result<{ id: number }, "rejudging">> =>
  audited(
    ({ id }) => actOnMails("received.rejudging", by, id),
    async (client) => {
      await sqlOn(client)`delete from rejudgements where status = 'ready'`;
      const [row] = await sqlOn(client)<{ id: number }>`
        insert into rejudgements (asked_by_id) values (${by})
        on conflict ((true)) where status in ('looking', 'ready', 'applying', 'undoing') do nothing returning id`;
      return row ? { ...ok, id: row.id } : refused("rejudging");
    },
  );

/** What was shown is done, by the worker; what changed meanwhile is left alone. */
export const applyRejudgement = (id: number, by: By) =>
  move(id, by, "received.rejudged", "ready", "applying");

/** Takes back what it did, but for what somebody decided since. Refused while another run is under way. */
export const undoRejudgement = (id: number, by: By) =>
  move(id, by, "received.rejudgedUndone", "applied", "undoing");

/** @unaudited Nothing was done: what was only shown goes. */
export async function abandonRejudgement(id: number): Promise<Result<object, "rejudged">> {
  const { count } = await db.rejudgement.deleteMany({ where: { id, status: "ready" } });
  return count === 1 ? ok : refused("rejudged");
}

const move = (
  id: number,
  by: By,
  action: "received.rejudged" | "received.rejudgedUndone",
  from: string,
  to: string,
): Promise<Result<object, "rejudged">> =>
  audited(actOnMails(action, by, id), async (client) => {
    const rows = await sqlOn(client)`
      update rejudgements set status = ${to}, asked_by_id = ${by} where id = ${id} and status = ${from}
        and not exists (select from rejudgements o where o.id <> ${id} and o.status in ('looking', 'ready', 'applying', 'undoing'))
      returning id`;
    return rows.length === 1 ? ok : refused("rejudged");
  });

const actOnMails = (action: AuditAction, userId: By, rejudgementId: number): AuditFact => ({
  userId,
  action,
  subject: "contact",
  subjectId: null,
  data: { rejudgementId },
});
