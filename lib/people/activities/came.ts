/** Who came to something: written down by the staff, for one person or for those chosen in the list. */
import { audited } from "#lib/department/audit/mutations";
import { type Runner, sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { activitiesFrom } from "#lib/people/activities/mutations";

/** `on`: the day in Paris, « 2026-03-12 ». */
export type Event = { event: string; on: string };

/**
 * Writes down that these people came, at noon of its day; whoever is written down already, or is no contact any more, is
 * left as they are. `ids`: what takeBackCame takes back. Refusals: `notYet` for a day to come, `already` when it changed
 * nothing.
 */
export const recordCame = (
  contactIds: number[],
  { event, on }: Event,
  by: number,
): Promise<Result<{ ids: number[] }, "notYet" | "already">> =>
  audited<Result<{ ids: number[] }, "notYet" | "already">>(
    ({ ids }) => fact("contacts.came", contactIds, ids, by),
    async (client) => {
      const [day] = await sqlOn(client)<{ past: boolean }>`
        select ${on}::date <= (clock_timestamp() at time zone 'Europe/Paris')::date as past`;
      if (!day?.past) return refused("notYet");
      const { rows } = await client.query<{ id: number }>({
        text: insertCame,
        values: [contactIds, event, on, by],
      });
      return rows.length > 0 ? { ok: true, ids: rows.map(({ id }) => id) } : refused("already");
    },
  );

const came = activitiesFrom(
  `select 'came', c.id, null, $4::int, jsonb_build_object('event', $2::text, 'on', $3::text),
    least(clock_timestamp(), ($3::date + time '12:00') at time zone 'Europe/Paris')
  from contacts c where c.id = any($1::int[]) order by c.id`,
  { dated: true },
);
const insertCame = `${came} on conflict do nothing returning id`;

/** They did not come after all. Refused as `notFound` when somebody took it back before. */
export const takeBackCame = (
  ids: number[],
  by: number,
): Promise<Result<{ contactIds: number[] }, "notFound">> =>
  audited<Result<{ contactIds: number[] }, "notFound">>(
    ({ contactIds }) => fact("contacts.cameTakenBack", contactIds, ids, by),
    async (client: Runner) => {
      const rows = await sqlOn(client)<{ contactId: number }>`
        delete from activities where id = any(${ids}::int[]) and kind = 'came' returning contact_id as "contactId"`;
      return rows.length > 0
        ? { ok: true, contactIds: rows.map(({ contactId }) => contactId) }
        : refused("notFound");
    },
  );

const fact = (
  action: "contacts.came" | "contacts.cameTakenBack",
  contactIds: number[],
  ids: number[],
  userId: number,
) => {
  const [only] = contactIds;
  return {
    userId,
    action,
    subject: "contact" as const,
    subjectId: contactIds.length === 1 ? only : null,
    data: { count: ids.length },
  };
};
