/** Sources read by themselves: when, again after a failure that may pass, and whom it is told, once. */
import { syncFailedMail } from "#emails/transactional";
import { getHouse } from "#lib/department/settings/house";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { findLocale } from "#lib/letters/deliveries/locale";
import { sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { catalogs } from "#lib/machine/messages/catalog";
import { type FileRefused, mayPass } from "#lib/sites/sources/refusal";

/** The next time of a schedule, in SQL; sources of the same hour begin at different minutes. */
const next = `
  case schedule
    when 'hourly' then now() + interval '1 hour'
    when 'sixHours' then now() + interval '6 hours'
    when 'daily' then (date_trunc('day', now() at time zone 'Europe/Paris' - interval '3 hours') + interval '1 day 3 hours') at time zone 'Europe/Paris'
    when 'weekly' then (date_trunc('week', now() at time zone 'Europe/Paris' - interval '3 hours') + interval '7 days 3 hours') at time zone 'Europe/Paris'
  end + case when schedule in ('daily', 'weekly') then id % 50 * interval '1 minute' else '0' end`;

/** A source whose schedule was just set begins within the minute. */
const due = `
  update sources set next_at = ${next}
  where schedule <> 'never' and url is not null and archived_at is null and coalesce(next_at, '-infinity') <= now()
  returning id`;

/**
 * The worker's task: queues a run of each source that is due; one that runs already is left alone. Returns how many.
 * @unaudited The clock asked; the run is its own entry.
 */
export const askDueSyncs = (): Promise<number> =>
  transaction(async (client) => {
    const { rows } = await client.query<{ id: number }>(due);
    const queued = await sqlOn(client)`
      insert into sync_runs (source_id, origin) select unnest(${rows.map(({ id }) => id)}::int[]), 'pull'
      on conflict (source_id) where status in ('queued', 'running') do nothing returning id`;
    return queued.length;
  });

/** Minutes after which a failure that may pass is tried again. */
const patience = [1, 5, 15];

/**
 * Of a run that nobody asked for: tried again when its site says (Retry-After), else after one, five and fifteen
 * minutes, if that may help; then its owner is written to, once, until the source works again. What a site asks for is
 * heeded beyond its schedule too, but never within the minute.
 * @unaudited What the clock does of a failure.
 */
export async function noteFailure(sourceId: number, runId: number, refusal: FileRefused): Promise<void> {
  const { retryAfter } = refusal.data;
  const wait = retryAfter === undefined ? null : Math.max(60, Number(retryAfter));
  const [source] = await sql<{ failures: number; retries: boolean }>`
    update sources set failures = failures + 1,
      next_at = case when schedule = 'never' or not ${mayPass(refusal)} then next_at
        when failures < ${patience.length} then coalesce(now() + ${wait}::int * interval '1 second',
          least(next_at, now() + (${patience}::int[])[failures + 1] * interval '1 minute'))
        else greatest(next_at, now() + ${wait}::int * interval '1 second') end
    where id = ${sourceId}
    returning failures, schedule <> 'never' and ${mayPass(refusal)} and failures <= ${patience.length} as retries`;
  if (source && !source.retries) await tellOwner(sourceId, runId, refusal);
}

/** @unaudited What the clock does of a success. */
export const noteSuccess = (sourceId: number): Promise<unknown> =>
  sql`update sources set failures = 0, alerted_at = null where id = ${sourceId} and (failures > 0 or alerted_at is not null)`;

type Told = { name: string; to: string; product: string };

async function tellOwner(sourceId: number, runId: number, refusal: FileRefused) {
  const [source] = await sql<Told>`
    select s.name, t.name as product,
      coalesce(nullif(s.alert_email, ''), (select u.email from users u where u.id = s.owner_id and u.disabled_at is null), t.secretariat_email) as to
    from sources s, settings t where s.id = ${sourceId} and s.alerted_at is null`;
  if (!source?.to) return;
  const locale = await findLocale(source.to);
  const { brand, publicUrl } = await getHouse();
  const { what, cure } = catalogs[locale].sources.refusal[refusal.reason];
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (hole, name) => String(refusal.data[name] ?? hole));
  const mail = await syncFailedMail({
    brand,
    locale,
    product: source.product,
    source: source.name,
    what: fill(what),
    cure: fill(cure),
    url: new URL(`/sources/runs/${runId}`, publicUrl).href,
  });
  await transaction(async (client) => {
    const won = await sqlOn(client)`
      update sources set alerted_at = now() where id = ${sourceId} and alerted_at is null returning id`;
    if (won.length === 1) await enqueueLetter({ kind: "transactional", to: source.to, ...mail }, client);
  }).catch((error: Error) => log.error({ sourceId, reason: error.message }, "owner not told"));
}
