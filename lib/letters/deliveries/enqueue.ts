import { secretColumns } from "#lib/letters/deliveries/secrets";
import { nextId, pool, type Runner, sqlOn } from "#lib/machine/db";
import { foldAddress, hashAddress } from "#lib/machine/seal";

/** One mail of the application itself (invitation, reset, digest), a test send, or what somebody wrote by hand. */
export type Letter = {
  kind: "transactional" | "test" | "personal";
  to: string;
  subject: string;
  /** A test keeps its slots and is personalised with `variables`; a transactional mail is sent to the letter. */
  html: string;
  text: string;
  variables?: Record<string, unknown>;
  /** Of a test send: what it is a test of. */
  campaignId?: number;
  topicId?: number;
  links?: string[];
  /** Default: the identity the application writes from. */
  identityId?: number;
  /** Put in the place of `secretSlot` when the letter leaves; kept sealed, and shown to nobody but its addressee. */
  secret?: string;
  /** Of a letter written by hand: whose it is, when it may leave, and the mails it follows (RFC 5322, section 3.6.4). */
  contactId?: number | null;
  dueAt?: Date;
  purpose?: "letter" | "answer";
  inReplyTo?: string;
  refs?: string;
};

/**
 * Puts one letter in the queue; the worker sends it within seconds, before campaigns. Returns the delivery's id.
 * Give `runner` to enqueue in the same transaction as what the letter is about.
 */
export async function enqueueLetter(letter: Letter, runner: Runner = pool()): Promise<number> {
  const to = foldAddress(letter.to);
  const contentId = await nextId("contents", runner);
  const secret = secretColumns(letter.secret, contentId);
  const [row] = await sqlOn(runner)<{ id: number }>`
    with content as (
      insert into contents (id, sealed_secret, secret_hash, kind, campaign_id, topic_id, identity_id, subject, html, text, links, purpose, in_reply_to, refs)
      select ${contentId}, ${secret.sealed}::bytea, ${secret.hash}::bytea, ${letter.kind}::"ContentKind", ${letter.campaignId ?? null}::int, ${letter.topicId ?? null}::int, id,
        ${letter.subject}, ${letter.html}, ${letter.text}, ${JSON.stringify(letter.links ?? [])}::jsonb,
        ${letter.purpose ?? null}::"MailPurpose", ${letter.inReplyTo ?? ""}, ${letter.refs ?? ""}
      from identities
      where archived_at is null and (id = ${letter.identityId ?? null}::int or (${letter.identityId ?? null}::int is null and is_default))
      returning id
    )
    insert into deliveries (content_id, contact_id, address, address_hash, variables, due_at)
    select id, ${letter.contactId ?? null}::int, ${to}, ${Buffer.from(hashAddress(to))}, ${JSON.stringify(letter.variables ?? {})}::jsonb,
      coalesce(${letter.dueAt ?? null}::timestamptz, now()) from content
    returning id`;
  if (!row) throw new Error("no identity to write from");
  return row.id;
}

type Several = { contactId: number | null; address: string; role: "to" | "cc" | "bcc" };

/**
 * The same letter to several people, in one mail (decision 59): a delivery each, of one content. Returns the first's id,
 * which stands for all of them in their thread.
 */
export async function enqueueTogether(
  letter: Omit<Letter, "to" | "contactId">,
  [first, ...others]: Several[],
  runner: Runner,
): Promise<number> {
  if (!first) throw new Error("nobody to write to");
  const id = await enqueueLetter({ ...letter, to: first.address, contactId: first.contactId }, runner);
  const query = sqlOn(runner);
  await query`update deliveries set role = ${first.role}::"RecipientRole" where id = ${id}`;
  const folded = others.map(({ address }) => foldAddress(address));
  await query`
    insert into deliveries (content_id, contact_id, address, address_hash, role, due_at)
    select d.content_id, p.contact, p.address, p.hash, p.role, d.due_at
    from deliveries d, unnest(${others.map(({ contactId }) => contactId)}::int[], ${folded}::text[],
      ${folded.map((address) => Buffer.from(hashAddress(address)))}::bytea[], ${others.map(({ role }) => role)}::"RecipientRole"[])
      with ordinality p (contact, address, hash, role, n)
    where d.id = ${id} order by p.n`;
  return id;
}
