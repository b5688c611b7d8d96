/** Newsletters left out for a while, at the person's own wish: it ends by itself, and nothing else heeds it. */
import { type Runner, sqlOn } from "#lib/machine/db";
import { recordWish, type Wish } from "#lib/people/subscriptions/mutations";

export const pauseMonths = 6;

type Pausing = Wish & { contactId: number };

/**
 * Six months from now, whatever stood before. Returns whether it did not stand already.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export async function pauseNewsletters(client: Runner, wish: Pausing): Promise<boolean> {
  const rows = await sqlOn(client)`
    insert into newsletter_pauses as p (contact_id, since, until)
    values (${wish.contactId}, clock_timestamp(), clock_timestamp() + make_interval(months => ${pauseMonths}))
    on conflict (contact_id) do update set since = excluded.since, until = excluded.until where p.until <= clock_timestamp()
    returning contact_id`;
  if (rows.length > 0) await recordWish(client, wish, "paused");
  return rows.length > 0;
}

/**
 * Takes it back. Returns false when nothing stood.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export async function resumeNewsletters(client: Runner, wish: Pausing): Promise<boolean> {
  const rows = await sqlOn(client)<{ stood: boolean }>`
    delete from newsletter_pauses where contact_id = ${wish.contactId} returning until > clock_timestamp() as stood`;
  if (!rows[0]?.stood) return false;
  await recordWish(client, wish, "resumed");
  return true;
}
