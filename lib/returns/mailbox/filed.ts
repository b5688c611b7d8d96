/** Copies of letters that we file ourselves, where the relay files none: rows. A row stands before its APPEND. */
import { sql } from "#lib/machine/db";

/** Those of these deliveries whose copy in the Sent folder may be ours. */
export async function listFiled(deliveryIds: number[]): Promise<number[]> {
  if (deliveryIds.length === 0) return [];
  const rows = await sql<{ id: number }>`
    select delivery_id as id from filed_copies where delivery_id = any(${deliveryIds}::int[])`;
  return rows.map(({ id }) => id);
}

/** At once: the next reading is a minute away. */
const most = 20;

/**
 * Letters of this relay that left within a week and of which no copy is filed: one a message, that of the delivery whose
 * Message-ID it bears. None while the relay files its own, or nobody knows yet whether it does.
 */
export const listUnfiled = (relayId: number) => sql<{ id: number }>`
  select d.id from sent_folders s join deliveries d on d.relay_id = s.relay_id
  join contents ct on ct.id = d.content_id and ct.kind = 'personal' and ct.html <> ''
  left join filed_copies f on f.delivery_id = d.id
  where s.relay_id = ${relayId} and s.files_copies = false and d.campaign_id is null and d.sent_as is null and d.erased_at is null
    and d.settled_at > clock_timestamp() - interval '7 days'
    and (d.status = 'sent' or exists (select from deliveries m where m.sent_as = d.id and m.status = 'sent'))
    and (f.delivery_id is null or (f.filed_at is null and f.due_at <= clock_timestamp()))
  order by d.settled_at, d.id limit ${most}`;

type Place = { path: string; validity: bigint; uidNext: number };

/** Announces a try; returns where an earlier one, whose end nobody saw, may have left its copy. */
export async function beginFiling(
  deliveryId: number,
  { path, validity, uidNext }: Place,
): Promise<number | null> {
  const [row] = await sql<{ from: string | null }>`
    with before as (select path, uid_validity, uid_next from filed_copies where delivery_id = ${deliveryId}), begun as (
      insert into filed_copies as f (delivery_id, path, uid_validity, uid_next, tries)
      values (${deliveryId}, ${path}, ${validity}, ${uidNext}, 1)
      on conflict (delivery_id) do update set tries = f.tries + 1,
        due_at = clock_timestamp() + least(interval '6 hours', interval '1 minute' * power(2, f.tries)),
        uid_next = case when f.path = excluded.path and f.uid_validity = excluded.uid_validity then f.uid_next else excluded.uid_next end,
        path = excluded.path, uid_validity = excluded.uid_validity
    )
    select uid_next as "from" from before where path = ${path} and uid_validity = ${validity}`;
  return row?.from ? Number(row.from) : null;
}

export const recordFiled = (deliveryId: number) => sql`
  update filed_copies set filed_at = clock_timestamp() where delivery_id = ${deliveryId} and filed_at is null`;
