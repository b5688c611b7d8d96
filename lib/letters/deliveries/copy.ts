/** The copy of a letter for the Sent folder of whoever sent it, where their provider files none. */
import { compose, prepare } from "#lib/letters/deliveries/compose";
import { withFiles } from "#lib/letters/deliveries/with-files";
import { sql } from "#lib/machine/db";
import { type DeliveryName, nameInText } from "#lib/machine/tokens";

type Row = DeliveryName & { contentId: number; address: string; at: Date; bcc: string[] };

/** As it left, blind copies named; made again from its rows. Null when its words are purged. */
export async function copyOf(deliveryId: number): Promise<{ raw: Buffer; at: Date } | null> {
  const [row] = await sql<Row>`
    select d.id, d.generation, d.content_id as "contentId", d.address, coalesce(d.announced_at, d.settled_at, d.created_at) as at,
      array(select m.address from deliveries m where d.role is not null and m.content_id = d.content_id and m.campaign_id is null
        and m.role = 'bcc' and m.status = 'sent' and m.erased_at is null and coalesce(m.sent_as, m.id) = d.id order by m.id) as bcc
    from deliveries d join contents ct on ct.id = d.content_id and ct.html <> ''
    where d.id = ${deliveryId} and d.erased_at is null`;
  if (!row) return null;
  const content = await prepare(row.contentId);
  const { raw } = compose(content, { ...row, variables: {}, copy: { at: row.at, bcc: row.bcc } });
  const message = withFiles(raw, content.files, `src-${nameInText(row)}-files`);
  return { raw: Buffer.concat(await Array.fromAsync(message.pieces())), at: row.at };
}
