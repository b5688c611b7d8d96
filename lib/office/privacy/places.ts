/** Where a person is written beside their contact: rows that must stay, because figures and histories are made of them, are blanked. */
import { setAside } from "#lib/letters/deliveries/set-aside";
import { type Runner, sqlOn } from "#lib/machine/db";
import { literal } from "#lib/machine/keyset";
import { base64Needles } from "#lib/office/privacy/needles";
import { erasedDomain } from "#lib/people/suppressions/erased";

export type Person = {
  contactId: number;
  firstName: string;
  lastName: string;
  phone: string;
  /** Folded. */
  addresses: string[];
  hashes: Buffer[];
  externalIds: string[];
};

/**
 * Blanks the person everywhere but in their contact and what goes with it. Returns true when a letter to them is
 * leaving at this second: then the caller must undo everything.
 */
export async function forgetElsewhere(client: Runner, person: Person): Promise<boolean> {
  const letters = await stopLetters(client, person);
  if (letters === "beingSent") return true;
  await dropThreads(client, person, letters);
  await blankDeliveries(client, letters);
  await blankMails(client, person, letters);
  await blankLetters(client, person);
  await dropSandbox(client, person);
  await blankImports(client, person);
  await dropPromises(client, person);
  await blankHistories(client, person);
  await blankNotes(client, person);
  return false;
}

/**
 * Stops what has not left; ids of all letters to the person. Of those to an address no contact has any more, only
 * what is not mail of the application to an account of the same address.
 */
async function stopLetters(
  client: Runner,
  { contactId, hashes, firstName, lastName }: Person,
): Promise<number[] | "beingSent"> {
  const rows = await sqlOn(client)<{ id: number; status: string }>`
    select d.id, d.status::text from deliveries d join contents ct on ct.id = d.content_id
    where d.contact_id = ${contactId}
      or (d.contact_id is null and d.erased_at is null and d.address_hash = any(${hashes}::bytea[])
        and not (ct.kind in ('transactional', 'test') and exists (select from users u where u.email = d.address)))
    order by d.id for update of d`;
  // The lock is the mark's own: announced before it, or never.
  if (rows.some(({ status }) => status === "sending")) return "beingSent";
  const ids = rows.map(({ id }) => id);
  await setAside(client, ids, { status: "skipped", reason: "erased" });
  // A colleague's test showed this person's letter.
  await sqlOn(client)`
    update deliveries d set variables = '{}' from contents ct
    where ct.id = d.content_id and ct.kind = 'test' and d.variables -> 'contact' ->> 'lastName' = ${lastName}
      and d.variables -> 'contact' ->> 'firstName' = ${firstName}`;
  return ids;
}

/** `unknown` keeps its status but not its lease: what a frozen worker would still write down names the address. */
async function blankDeliveries(client: Runner, ids: number[]) {
  await sqlOn(client)`
    update deliveries set address = id || '@' || ${erasedDomain}, address_hash = sha256(convert_to('erased:' || id, 'UTF8')),
      variables = '{}', reply = null, lease_token = null, lease_until = null, erased_at = clock_timestamp()
    where id = any(${ids}::int[])`;
  await sqlOn(
    client,
  )`update attempts set reply = null where delivery_id = any(${ids}::int[]) and reply is not null`;
  await sqlOn(client)`update bounces set diagnostic = '', recipient = '', overturned_why = ''
    where delivery_id = any(${ids}::int[]) and diagnostic || recipient || overturned_why <> ''`;
}

/**
 * What was written by hand to and by them: the letters go, and with the last one their thread and its notes. In the
 * conversations and drafts of others, what names them loses its text.
 */
async function dropThreads(client: Runner, { contactId, addresses }: Person, letters: number[]) {
  const like = addresses.map((address) => `%${literal(address)}%`);
  const query = sqlOn(client);
  await query`
    update contents ct set subject = '', html = '', text = '', in_reply_to = '', refs = '' from deliveries d
    where d.id = any(${letters}::int[]) and ct.id = d.content_id and ct.kind = 'personal'
      -- A mail to several is still that of the others.
      and not exists (select from deliveries o where o.content_id = ct.id and o.campaign_id is null and o.erased_at is null and o.id <> all(${letters}::int[]))`;
  const gone = await query<{ threadId: number }>`
    delete from letters l where ((l.contact_id = ${contactId} or l.delivery_id = any(${letters}::int[])) and not exists (
        select from deliveries d join deliveries o on o.content_id = d.content_id and o.campaign_id is null
        where d.id = l.delivery_id and d.role is not null and o.erased_at is null and o.id <> all(${letters}::int[])))
      or exists (select from received_mails m where m.id = l.received_mail_id and m.sender ilike any(${like}::text[]))
    returning thread_id as "threadId"`;
  await query`update letters set contact_id = null where contact_id = ${contactId}`;
  await query`
    delete from threads t where t.id = any(${gone.map(({ threadId }) => threadId)}::int[])
      and not exists (select from letters l where l.thread_id = t.id)`;
  await query`
    delete from drafts d where exists (select from draft_recipients r where r.draft_id = d.id and (r.contact_id = ${contactId} or r.address = any(${addresses}::text[])))
      and not exists (select from draft_recipients r where r.draft_id = d.id and r.contact_id is distinct from ${contactId} and r.address <> all(${addresses}::text[]))`;
  await query`delete from draft_recipients where contact_id = ${contactId} or address = any(${addresses}::text[])`;
  await query`
    update letters set subject = '', text = '', message_id = null, refs = ''
    where (subject || text || coalesce(message_id, '') || refs) ilike any(${like}::text[])`;
  await query`update threads set subject = '' where subject ilike any(${like}::text[])`;
  await query`update drafts set subject = '', html = '', version = version + 1 where (subject || html) ilike any(${like}::text[])`;
  await query`update attachments set name = regexp_replace(name, '^.*\\.', 'document.') where name ilike any(${like}::text[])`;
  await query`delete from thread_notes where text ilike any(${like}::text[])`;
}

/** Mails from, to or about them. The digest stays, so that reading the mailbox again does not bring them back. */
async function blankMails(client: Runner, { contactId, addresses }: Person, letters: number[]) {
  const like = addresses.map((address) => `%${literal(address)}%`);
  await sqlOn(client)`
    with theirs as (
      update received_mails m set sender = '', subject = '', raw = '', proposed_address = '', contact_id = null
      where m.contact_id = ${contactId} or m.delivery_id = any(${letters}::int[])
        or m.sender ilike any(${like}::text[]) or m.subject ilike any(${like}::text[])
        or m.proposed_address ilike any(${like}::text[])
      returning m.id
    )
    update bounces set diagnostic = '', recipient = '', overturned_why = '' from theirs
    where received_mail_id = theirs.id and diagnostic || recipient || overturned_why <> ''`;
  await sqlOn(client)`
    update bounces set diagnostic = '', recipient = '', overturned_why = ''
    where diagnostic ilike any(${like}::text[]) or recipient ilike any(${like}::text[]) or overturned_why ilike any(${like}::text[])`;
  // Somebody else's mail that names them loses its text, and stays that person's.
  await sqlOn(client)`
    update received_mails set raw = '' where octet_length(raw) > 0
      and mail_names(raw, ${addresses}::text[], ${addresses.flatMap(base64Needles)}::text[])`;
}

/** Letters of the application that name them: the digest of who left. Those on their way are gone within minutes. */
async function blankLetters(client: Runner, { addresses, firstName, lastName }: Person) {
  const full = `${firstName} ${lastName}`.trim();
  const named = [...addresses, ...(firstName && lastName ? [full] : [])];
  const like = named.flatMap((name) => [`%${literal(name)}%`, `%${literal(escaped(name))}%`]);
  await sqlOn(client)`
    update contents ct set html = '', text = '', subject = ''
    where ct.kind <> 'campaign' and (ct.html ilike any(${like}::text[]) or ct.text ilike any(${like}::text[]) or ct.subject ilike any(${like}::text[]))
      and not exists (select from deliveries d where d.content_id = ct.id and d.status in ('queued', 'sending'))`;
}

/** As an HTML attribute or text holds it. */
const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("'", "&#39;").replaceAll('"', "&quot;");

async function dropSandbox(client: Runner, { addresses }: Person) {
  await sqlOn(client)`
    delete from sandbox_messages where lower(recipient) = any(${addresses}::text[])
      or mail_names(raw, ${addresses}::text[], ${addresses.flatMap(base64Needles)}::text[])`;
}

/** What refused rows said of them. A file still waiting is refused line by line when it is read. */
async function blankImports(client: Runner, person: Person) {
  const words = [...person.addresses, ...person.externalIds, person.lastName, person.phone].filter(Boolean);
  const like = words.map((word) => `%${literal(word)}%`);
  await sqlOn(client)`update sync_run_errors set value = '' where value ilike any(${like}::text[])`;
  // Of somebody else, but naming an address that passed from one to the other.
  const passed = person.addresses.map((address) => `%${literal(JSON.stringify(address))}%`);
  await sqlOn(client)`
    delete from changes where before::text ilike any(${passed}::text[]) or after::text ilike any(${passed}::text[])`;
  await sqlOn(client)`
    delete from sync_chunks c using sync_runs r where r.id = c.run_id and r.finished_at is not null`;
}

/** The pledge that a promise became is the company's, and stays. */
const dropPromises = (client: Runner, { hashes }: Person) =>
  sqlOn(client)`delete from promises where address_hash = any(${hashes}::bytea[])`;

/** The caller has said that it is forgetting: these two tables refuse any other change. */
async function blankHistories(client: Runner, { contactId, addresses }: Person) {
  const like = addresses.map((address) => `%${literal(address)}%`);
  await sqlOn(
    client,
  )`update subscription_events set contact_id = null, proof = '{}' where contact_id = ${contactId}`;
  await sqlOn(client)`
    update audit_entries set data = '{}'
    where (subject = 'contact' and subject_id = ${contactId} and data <> '{}') or data::text ilike any(${like}::text[])`;
}

/** An address written in somebody else's notes, or as an organisation's own. */
async function blankNotes(client: Runner, { contactId, addresses }: Person) {
  for (const address of addresses) {
    const like = `%${literal(address)}%`;
    await sqlOn(client)`update organisations set email = '' where lower(email) = ${address}`;
    await sqlOn(client)`
      update organisations set notes = regexp_replace(notes, ${pattern(address)}, '…', 'gi') where notes ilike ${like}`;
    await sqlOn(client)`
      update tasks set title = regexp_replace(title, ${pattern(address)}, '…', 'gi') where title ilike ${like}`;
    await sqlOn(client)`
      update corrections set note = regexp_replace(note, ${pattern(address)}, '…', 'gi'), email = case when lower(email) <> ${address} then email else '' end
      where note ilike ${like} or lower(email) = ${address}`;
    await sqlOn(
      client,
    )`update suppressions set note = regexp_replace(note, ${pattern(address)}, '…', 'gi') where note ilike ${like}`;
    await sqlOn(client)`
      update contacts set notes = regexp_replace(notes, ${pattern(address)}, '…', 'gi') where notes ilike ${like} and id <> ${contactId}`;
  }
}

const pattern = (address: string) => address.replace(/[^\p{L}\p{N}@]/gu, (character) => `\\${character}`);
