/** Three months of letters, written set-based in one transaction: all there, or not begun. */

import { accountId } from "#demo/accounts";
import { composeAnswer } from "#demo/answers";
import { moveToSummer, summer } from "#demo/backdate";
import type { Company } from "#demo/companies";
import { recordConsequences } from "#demo/consequences";
import { decideClicks, decideFates, type Fate, type Reader } from "#demo/fates";
import { type PastLetter, pastLetters } from "#demo/past";
import { type Chance, chance } from "#demo/random";
import { getHouse } from "#lib/department/settings/house";
import { variablesSql } from "#lib/letters/campaigns/audience";
import { composeCampaign, countLinks } from "#lib/letters/campaigns/content";
import { messageId } from "#lib/letters/deliveries/message-id";
import { db, type Runner, sqlOn, transaction } from "#lib/machine/db";

const day = 86_400_000;

/** True when the history is there already. */
export const hasHistory = async () =>
  (await db.campaign.count({ where: { name: pastLetters[0]?.name ?? "" } })) > 0;

export async function writeHistory(began: Date, companies: Company[]): Promise<void> {
  const dice = chance(1984);
  const written = await Promise.all(pastLetters.map(prepare));
  const authorId = await accountId("teacher");
  await transaction(async (client) => {
    await moveToSummer(client, new Date(began.getTime() - summer * day), companies);
    const lost = new Set<number>();
    for (const letter of written) await send(client, dice, letter, { began, authorId, lost });
  });
}

type Prepared = { letter: PastLetter; html: string; text: string; links: string[]; subject: string };

/** The mail as it would have been frozen; its links point to campaign 0 until it has a number. */
async function prepare(letter: PastLetter): Promise<Prepared> {
  const house = await getHouse();
  const { html, text, subject, findings } = await composeCampaign({ ...letter, signature: "" }, house);
  const faults = findings.filter(({ level }) => level === "error");
  if (faults.length > 0) throw new Error(`${letter.name}: ${JSON.stringify(faults)}`);
  return { letter, text, subject, ...countLinks(html, 0, house.publicUrl) };
}

type Story = { began: Date; authorId: number; lost: Set<number> };

async function send(client: Runner, dice: Chance, prepared: Prepared, story: Story) {
  const { letter } = prepared;
  const now = story.began.getTime();
  const launchedAt = morning(now - letter.daysAgo * day) + dice.whole(0, 80) * 60_000;
  const ids = await insertCampaign(client, prepared, story, new Date(launchedAt));
  const readers = (await findReaders(client, letter)).filter(({ contactId }) => !story.lost.has(contactId));
  const fates = decideFates(dice, letter, readers, launchedAt, now);
  await insertDeliveries(client, ids, fates);
  await recordConsequences(client, ids, fates);
  await insertAnswers(client, dice, letter, ids, fates, now);
  const sent = fates.filter(({ status }) => status === "sent").length;
  const clicks = JSON.stringify(decideClicks(dice, letter, sent, prepared.links.length, launchedAt, now));
  await sqlOn(client)`
    insert into link_clicks (campaign_id, link, on_day, clicks)
    select ${ids.campaignId}::int, link, day, clicks
    from jsonb_to_recordset(${clicks}::jsonb) as c(link int, day date, clicks int)`;
  for (const { contactId, status, bounce, unsubscribedAt } of fates)
    if (status === "failed" || bounce === "hard" || unsubscribedAt) story.lost.add(contactId);
}

/** A working day, at nine o'clock, or eight in winter: near enough to Paris for a story. */
function morning(at: number): number {
  const weekday = new Date(at).getUTCDay();
  const moved = at - (weekday === 6 ? 2 * day : weekday === 0 ? 3 * day : 0);
  return Math.floor(moved / day) * day + 7.2 * 3_600_000;
}

export type Ids = { campaignId: number; contentId: number; topicId: number; relayId: number };

async function insertCampaign(
  client: Runner,
  { letter, ...mail }: Prepared,
  { authorId }: Story,
  at: Date,
): Promise<Ids> {
  const query = sqlOn(client);
  const [row] = await query<Ids>`
    with k as (
      insert into campaigns (name, status, model, topic_id, segment_id, identity_id, subject, preheader, issue, blocks, author_id,
        created_at, updated_at, launched_at, finished_at)
      select ${letter.name}, 'sent', ${letter.model}, t.id, s.id, i.id, ${letter.subject}, ${letter.preheader}, ${letter.issue},
        ${JSON.stringify(letter.blocks)}::jsonb, ${authorId}::int, ${at}::timestamptz - interval '2 days', ${at}, ${at},
        ${at}::timestamptz + interval '9 minutes'
      from topics t, segments s, identities i
      where t.key = ${letter.model} and s.name = ${letter.segment} and i.is_default and i.archived_at is null
      returning id, topic_id, identity_id
    ), c as (
      insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text, links, created_at)
      select 'campaign', k.id, k.topic_id, k.identity_id, ${mail.subject},
        replace(${mail.html}::text, '/api/click/0/', '/api/click/' || k.id || '/'), ${mail.text}, ${JSON.stringify(mail.links)}::jsonb, ${at}
      from k returning id
    )
    select k.id as "campaignId", c.id as "contentId", k.topic_id as "topicId", i.relay_id as "relayId"
    from k, c, identities i where i.id = k.identity_id`;
  if (!row) throw new Error(`${letter.name}: no topic, segment or identity`);
  return row;
}

const findReaders = (client: Runner, { kinds }: PastLetter) => sqlOn(client)<Reader>`
  select c.id as "contactId", a.address from contacts c join email_addresses a on a.contact_id = c.id and a.is_primary
  where c.kind = any(${kinds}::"ContactKind"[]) and c.archived_at is null order by a.address`;

async function insertDeliveries(client: Runner, ids: Ids, fates: Fate[]) {
  const rows = JSON.stringify(fates);
  await client.query({
    text: `with d as (
        insert into deliveries (content_id, campaign_id, contact_id, address, address_hash, status, relay_id, attempts, created_at, due_at,
          settled_at, reason, reply, bounced_at, bounce, replied_at, unsubscribed_at, variables)
        select $2, $3, c.id, f.address, a.address_hash, f.status::"DeliveryStatus", $4, 1, to_timestamp(f."settledAt" / 1000),
          to_timestamp(f."settledAt" / 1000), to_timestamp(f."settledAt" / 1000),
          case f.status when 'failed' then 'user-unknown' end,
          case f.status when 'failed' then '550 5.1.1 User unknown' else '250 2.0.0 Ok: queued' end,
          to_timestamp(f."bouncedAt" / 1000), f.bounce, to_timestamp(f."repliedAt" / 1000), to_timestamp(f."unsubscribedAt" / 1000),
          ${variablesSql("(select topic_id from campaigns where id = $3)")}
        from jsonb_to_recordset($1::jsonb) as f("contactId" int, address text, status text, "settledAt" float8, bounce text,
          "bouncedAt" float8, "repliedAt" float8, "unsubscribedAt" float8)
        join contacts c on c.id = f."contactId" join email_addresses a on a.address = f.address
        returning id, settled_at, status, reason, reply
      )
      insert into attempts (delivery_id, n, at, relay_id, outcome, reason, reply)
      select id, 1, settled_at, $4, status::text, reason, reply from d`,
    values: [rows, ids.contentId, ids.campaignId, ids.relayId],
  });
}

/** The mails behind the replies: read long ago, but for the two last of a letter less than a month old. */
async function insertAnswers(
  client: Runner,
  dice: Chance,
  letter: PastLetter,
  ids: Ids,
  fates: Fate[],
  now: number,
) {
  const replied = fates
    .filter(({ repliedAt }) => repliedAt !== null)
    .sort((a, b) => (b.repliedAt ?? 0) - (a.repliedAt ?? 0));
  const deliveries = await sqlOn(client)<{ id: number; generation: number; address: string; sender: string }>`
    select d.id, d.generation, d.address, i.address as sender from deliveries d join contents ct on ct.id = d.content_id
    join identities i on i.id = ct.identity_id where d.campaign_id = ${ids.campaignId} and d.replied_at is not null`;
  const idOf = new Map(deliveries.map((row) => [row.address, row]));
  const subject = letter.subject;
  const mails = replied.map(({ address, repliedAt }, i) => {
    const { id, generation, sender } = idOf.get(address) ?? { id: 0, generation: 0, sender: "" };
    const at = repliedAt ?? 0;
    const raw = composeAnswer(dice, {
      from: address,
      to: sender,
      subject,
      at,
      inReplyTo: messageId({ id, generation }, sender.split("@")[1] ?? ""),
    });
    return { deliveryId: id, at: new Date(at), raw, handled: !(i < 2 && now - at < 28 * day) };
  });
  await sqlOn(client)`
    insert into received_mails (relay_id, digest, uid, received_at, class, sender, subject, raw, delivery_id, contact_id, handled_at)
    select ${ids.relayId}::int, sha256(m.raw), 0, m.at, 'reply', d.address, ${`Re: ${subject}`}, m.raw, d.id, d.contact_id,
      case when m.handled then m.at + interval '5 hours' end
    from unnest(${mails.map(({ deliveryId }) => deliveryId)}::int[], ${mails.map(({ at }) => at)}::timestamptz[],
      ${mails.map(({ raw }) => raw)}::bytea[], ${mails.map(({ handled }) => handled)}::boolean[]) as m(id, at, raw, handled)
    join deliveries d on d.id = m.id`;
}
