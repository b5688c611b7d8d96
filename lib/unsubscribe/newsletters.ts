import { type Runner, sqlOn } from "#lib/db";

export type Newsletter = { id: number; name: string; description: string; subscribed: boolean };

/**
 * The newsletters in use and whether this reader would receive them today: as the audience of a campaign decides
 * (no row is a yes unless the topic asks for consent), minus what the reader stopped.
 */
export function listNewsletters(
  runner: Runner,
  reader: { contactId: number | null; addressHash: Uint8Array },
): Promise<Newsletter[]> {
  return sqlOn(runner)<Newsletter>`
    select t.id, t.name, t.description,
      not coalesce((
        select s.unsubscribed_at is not null and (s.subscribed_at is null or s.unsubscribed_at >= s.subscribed_at)
        from subscriptions s where s.topic_id = t.id and s.contact_id = ${reader.contactId}::int), t.legal_basis = 'consent')
      and not exists (
        select 1 from suppressions p where p.address_hash = ${Buffer.from(reader.addressHash)} and p.lifted_at is null
          and p.reason = 'unsubscribe' and (p.topic_id is null or p.topic_id = t.id)) as subscribed
    from topics t where t.archived_at is null order by t.position, t.id`;
}
