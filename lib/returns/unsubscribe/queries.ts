import { splice, splitSlots } from "#emails/personalise";
import { getHouse } from "#lib/department/settings/house";
import { whyOf, wordsFor } from "#lib/letters/deliveries/footer";
import { personalLinks } from "#lib/letters/deliveries/links";
import { db, pool, sql } from "#lib/machine/db";
import { readToken, signToken } from "#lib/machine/tokens";
import { clickConsentVersion } from "#lib/people/consents/rules";
import { isErasedAddress } from "#lib/people/suppressions/erased";
import { followLink } from "#lib/returns/unsubscribe/link";
import { listNewsletters, type Newsletter } from "#lib/returns/unsubscribe/newsletters";

export type ReaderView = {
  /** As it was signed, whatever was glued to it on its way. */
  token: string;
  /** `c•••@exemple.fr`: enough to recognise oneself, too little for whoever finds the link. */
  address: string;
  topic: { id: number; name: string } | null;
  /** This newsletter was left by the reader, or everything was. */
  leftTopic: boolean;
  leftAll: boolean;
  /** They had left this newsletter, or everything, took it back, and would receive it today. */
  cameBack: boolean;
  /** No newsletter until then, at their wish; null: none. */
  pausedUntil: Date | null;
  /** Since when they consent, in today’s words, to be known by the links they follow; null: they do not. */
  followedSince: Date | null;
  deliveryId: number;
  /** False once the contact was erased: there is nothing to pause or to correct. */
  known: boolean;
  newsletters: Newsletter[];
  preferencesToken: string;
};

type Row = {
  address: string;
  addressHash: Buffer;
  contactId: number | null;
  topicId: number | null;
  topicName: string | null;
  leftTopic: boolean;
  leftAll: boolean;
  tookBack: boolean;
  pausedUntil: Date | null;
  followedSince: Date | null;
};

/** What the reader's pages show; null for a link that leads to no letter of this database (followLink says why): nobody is invented. */
export async function viewReader(
  purpose: "unsubscribe" | "preferences",
  token: string,
): Promise<ReaderView | null> {
  const link = await followLink(purpose, token);
  const row = link.ok ? await findRow(link.deliveryId) : undefined;
  if (!link.ok || !row) return null;
  const newsletters = await listNewsletters(pool(), {
    contactId: row.contactId,
    addressHash: row.addressHash,
  });
  return {
    token: signToken(purpose, link.delivery),
    address: mask(row.address),
    topic: row.topicId === null ? null : { id: row.topicId, name: row.topicName ?? "" },
    leftTopic: row.leftTopic,
    leftAll: row.leftAll,
    cameBack:
      row.tookBack &&
      newsletters.some(({ id, subscribed }) => subscribed && (row.topicId === null || id === row.topicId)),
    pausedUntil: row.pausedUntil,
    followedSince: row.followedSince,
    deliveryId: link.deliveryId,
    known: row.contactId !== null,
    newsletters,
    preferencesToken: signToken("preferences", link.delivery),
  };
}

async function findRow(deliveryId: number): Promise<Row | undefined> {
  const [row] = await sql<Row>`
    select d.address, d.address_hash as "addressHash", d.contact_id as "contactId", t.id as "topicId", t.name as "topicName",
      exists (select 1 from suppressions s where s.address_hash = d.address_hash and s.lifted_at is null
        and s.reason = 'unsubscribe' and s.topic_id = t.id) as "leftTopic",
      exists (select 1 from suppressions s where s.address_hash = d.address_hash and s.lifted_at is null
        and s.reason = 'unsubscribe' and s.topic_id is null) as "leftAll",
      exists (select 1 from suppressions s where s.address_hash = d.address_hash and s.lifted_at is not null
        and s.reason = 'unsubscribe' and (s.topic_id is null or s.topic_id = t.id)) as "tookBack",
      (select p.until from newsletter_pauses p where p.contact_id = d.contact_id and p.until > now()) as "pausedUntil",
      (select k.since from click_consents k where k.contact_id = d.contact_id and k.version = ${clickConsentVersion}) as "followedSince"
    from deliveries d
    join contents ct on ct.id = d.content_id
    left join campaigns k on k.id = d.campaign_id
    left join topics t on t.id = coalesce(ct.topic_id, k.topic_id)
    where d.id = ${deliveryId}`;
  return row;
}

/** Of a letter so old that its address was taken out, nothing. */
function mask(address: string): string {
  if (isErasedAddress(address)) return "•••";
  const at = address.lastIndexOf("@");
  return `${address.slice(0, 1)}•••${address.slice(at)}`;
}

/** The mail as its reader received it, from the frozen content; null for a token we did not sign or a mail long gone. */
export async function findOnlineMail(
  token: string,
): Promise<{ subject: string; html: string; sentAt: Date | null } | null> {
  const delivery = readToken("online", token);
  if (delivery === null) return null;
  const row = await db.delivery.findUnique({
    where: delivery,
    select: {
      variables: true,
      settledAt: true,
      content: {
        select: {
          kind: true,
          subject: true,
          html: true,
          topic: { select: { name: true, legalBasis: true } },
        },
      },
    },
  });
  if (!row) return null;
  const { subject, html, kind, topic } = row.content;
  if (kind === "transactional") return null;
  const { publicUrl, brand } = await getHouse();
  const known = row.variables as Record<string, Record<string, unknown>>;
  const why = whyOf(topic?.legalBasis ?? null, topic?.name ?? null, brand.name);
  const variables = {
    ...known,
    words: wordsFor(why, known),
    links: personalLinks(publicUrl, delivery),
  };
  const render = (template: string, format: "html" | "header") =>
    splice(splitSlots(template, format), variables as Parameters<typeof splice>[1]);
  return { subject: render(subject, "header"), html: render(html, "html"), sentAt: row.settledAt };
}
