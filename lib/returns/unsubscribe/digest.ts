/** The daily letter to the secretariat: who left, the days before today. Nothing to say, nothing sent. */
import { unsubscribeDigestMail } from "#emails/transactional";
import { markDigested } from "#lib/department/notices/mutations";
import { getHouse } from "#lib/department/settings/house";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { findLocale } from "#lib/letters/deliveries/locale";
import { type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { formatDate } from "#lib/machine/format";
import type { Locale } from "#lib/machine/messages/negotiate";

type Day = { day: string; count: number; people: { name: string; newsletter: string | null }[] };
/** `ids`: every notice that was read; those alone are done with once the letters are queued. */
type Due = { email: string; product: string; ids: number[]; days: Day[] };

/**
 * The worker's task, asked every minute by every worker: from 07:30 (Europe/Paris) the first one whose update of the
 * settings' row succeeds sends the digest, in the same transaction. Returns how many letters were queued. `now` is the
 * database's clock unless a test says otherwise.
 */
export async function sendDailyDigest(now: Date | null = null): Promise<number> {
  // Rendering is slow: done before the transaction, for whoever then wins it.
  const due = await findDue(now);
  if (!due) return 0;
  const letters = await digestLetters(due, await findLocale(due.email));
  return transaction(async (client) => {
    if (!(await win(client, now))) return 0;
    for (const letter of letters)
      await enqueueLetter({ kind: "transactional", to: due.email, ...letter }, client);
    await markDigested(due.ids, client, now);
    return letters.length;
  });
}

/** Zero rows: before the hour, no address to write to, or a colleague was faster. */
async function win(client: Runner, now: Date | null): Promise<boolean> {
  const rows = await sqlOn(client)`
    update settings set digest_at = coalesce(${now}::timestamptz, clock_timestamp())
    where id = 1 and secretariat_email <> ''
      and coalesce(${now}::timestamptz, clock_timestamp()) >= (date_trunc('day', coalesce(${now}::timestamptz, clock_timestamp()) at time zone 'Europe/Paris') + interval '7 hours 30 minutes') at time zone 'Europe/Paris'
      and (digest_at is null or digest_at < (date_trunc('day', coalesce(${now}::timestamptz, clock_timestamp()) at time zone 'Europe/Paris') + interval '7 hours 30 minutes') at time zone 'Europe/Paris')
    returning id`;
  return rows.length === 1;
}

/** Whoever left before today and did not come back since; null when it is not time. */
async function findDue(now: Date | null): Promise<Due | null> {
  const [settings] = await sql<{ email: string; product: string }>`
    select secretariat_email as email, name as product from settings
    where id = 1 and secretariat_email <> ''
      and coalesce(${now}::timestamptz, clock_timestamp()) >= (date_trunc('day', coalesce(${now}::timestamptz, clock_timestamp()) at time zone 'Europe/Paris') + interval '7 hours 30 minutes') at time zone 'Europe/Paris'
      and (digest_at is null or digest_at < (date_trunc('day', coalesce(${now}::timestamptz, clock_timestamp()) at time zone 'Europe/Paris') + interval '7 hours 30 minutes') at time zone 'Europe/Paris')`;
  if (!settings) return null;
  const [waiting] = await sql<{ ids: number[] }>`
    select coalesce(array_agg(id), '{}') as ids from notices
    where digested_at is null
      and at < date_trunc('day', coalesce(${now}::timestamptz, clock_timestamp()) at time zone 'Europe/Paris') at time zone 'Europe/Paris'`;
  const ids = waiting?.ids ?? [];
  return { ...settings, ids, days: await countLeft(ids) };
}

/** Of these notices, the departures of each day: all counted, the first fifty named (a letter shows no more). */
const countLeft = (ids: number[]) => sql<Day>`
  select day, count(*)::int as count,
    json_agg(json_build_object('name', name, 'newsletter', newsletter) order by id) filter (where rank <= 50) as people
  from (
    select n.id, to_char(n.at at time zone 'Europe/Paris', 'YYYY-MM-DD') as day,
      row_number() over (partition by to_char(n.at at time zone 'Europe/Paris', 'YYYY-MM-DD') order by n.id) as rank,
      coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), '—') as name,
      case when n.kind = 'unsubscribed' and n.data ->> 'scope' = 'topic' then (
        select string_agg(t.name, ', ' order by t.position) from topics t
        where t.id = (n.data ->> 'topicId')::int or n.data -> 'topicIds' @> to_jsonb(t.id)) end as newsletter
    from notices n left join contacts c on c.id = n.contact_id
    where n.id = any(${ids}::int[]) and n.kind in ('unsubscribed', 'complaint')
      and not exists (
        select 1 from notices back where back.kind = 'resubscribed' and back.contact_id = n.contact_id and back.id > n.id)
  ) gone group by day order by day`;

/** One letter a day that had departures: usually yesterday, more after a holiday of the server. */
async function digestLetters({ product, days }: Due, locale: Locale) {
  if (days.length === 0) return [];
  const { brand, publicUrl } = await getHouse();
  const letters = [];
  for (const { day, count, people } of days) {
    letters.push(
      await unsubscribeDigestMail({
        brand,
        locale,
        product,
        day: formatDate(new Date(`${day}T12:00:00Z`), locale),
        count,
        people,
        url: `${publicUrl}/notices`,
      }),
    );
  }
  return letters;
}
