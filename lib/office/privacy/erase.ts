/** The right to be forgotten (RGPD art. 17): a person and their traces leave every table; a keyed hash and a proof stay. */
import { randomUUID } from "node:crypto";
import { recordAudit } from "#lib/department/audit/mutations";
import { type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { type Result, refused } from "#lib/machine/result";
import { keyFor } from "#lib/machine/seal";
import { type JournalEntry, readJournal, writeJournal } from "#lib/office/privacy/journal";
import { forgetElsewhere, type Person } from "#lib/office/privacy/places";
import { suppress } from "#lib/people/suppressions/mutations";

export type Why = JournalEntry["why"];
export type Erased = Result<{ id: string }, "notFound" | "beingSent">;

/**
 * Erases a contact. The journal first, then everything in one transaction: killed in between, the worker finishes from
 * the journal. A letter that is leaving at this second cannot be called back and its answer will name the address:
 * then it is refused as « beingSent », and the worker does it within minutes.
 */
export async function eraseContact(contactId: number, why: Why, by: number | null): Promise<Erased> {
  const entry = await summarise(contactId, why, by);
  if (!entry) return refused("notFound");
  await writeJournal(entry);
  return carryOut(entry);
}

/**
 * Erases whomever the journal names and the database does not know to be erased: after a restore, a crash, a refusal.
 * Returns how many were.
 */
export async function replayErasures(path?: string): Promise<number> {
  const entries = await readJournal(path);
  if (entries.length === 0) return 0;
  const known = await sql<{ id: string }>`
    select id::text from erasures where id = any(${entries.map((entry) => entry.id)}::uuid[])`;
  const done = new Set(known.map(({ id }) => id));
  let erased = 0;
  for (const entry of entries) {
    if (done.has(entry.id)) continue;
    const result = await carryOut(entry);
    if (result.ok) erased++;
    log.info({ erasure: entry.id, done: result.ok }, "erasure replayed");
  }
  return erased;
}

type Row = { id: number; firstName: string; lastName: string; phone: string };

async function summarise(contactId: number, why: Why, by: number | null): Promise<JournalEntry | null> {
  const [contact] = await sql<{ createdAt: Date; addresses: string[]; identities: string[] }>`
    select c.created_at as "createdAt",
      array(select encode(address_hash, 'hex') from email_addresses where contact_id = c.id order by id) as addresses,
      array(select encode(sha256(${keyFor("erasure")}::bytea || convert_to(source_id || ':' || external_id, 'UTF8')), 'hex')
        from external_identities where contact_id = c.id order by id) as identities
    from contacts c where c.id = ${contactId}`;
  if (!contact) return null;
  return {
    id: randomUUID(),
    at: new Date().toISOString(),
    why,
    by,
    contact: { id: contactId, createdAt: contact.createdAt.toISOString() },
    addresses: contact.addresses,
    identities: contact.identities,
  };
}

/** Tried again when workers and people were writing to the same letters at that moment. */
async function carryOut(entry: JournalEntry): Promise<Erased> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction((client) => eraseOn(client, entry));
    } catch (error) {
      if (error instanceof BeingSent) return refused("beingSent");
      if ((error as { code?: string }).code !== "40P01" || attempt === 5) throw error;
    }
  }
}

/** Rolls everything back: the journal brings it up again. */
class BeingSent extends Error {}

async function eraseOn(client: Runner, entry: JournalEntry): Promise<Erased> {
  await sqlOn(client)`set local src.forgetting = 'on'`;
  const hashes = [...entry.addresses, ...entry.identities].map((hash) => Buffer.from(hash, "hex"));
  const [mine] = await sqlOn(client)`
    insert into erasures (id, requested_at, why, user_id)
    values (${entry.id}::uuid, ${entry.at}::timestamptz, ${entry.why}, (select id from users where id = ${entry.by}::int))
    on conflict (id) do nothing returning id`;
  // A colleague, or the worker, is already done with it.
  if (!mine) return { ok: true, id: entry.id };
  await sqlOn(client)`
    insert into erasure_hashes (erasure_id, hash) select ${entry.id}::uuid, hash from unnest(${hashes}::bytea[]) as h (hash)
    on conflict do nothing`;
  const people = await findPeople(client, entry);
  for (const hash of entry.why === "request" ? entry.addresses : [])
    await suppress({ addressHash: Buffer.from(hash, "hex"), topicId: null, reason: "erasure" }, client);
  for (const { id, ...row } of people) await forget(client, entry, id, row);
  return { ok: true, id: entry.id };
}

/** The contact itself; after a restore, whoever now has one of the addresses. */
const findPeople = (client: Runner, entry: JournalEntry) => sqlOn(client)<Row>`
  select id, first_name as "firstName", last_name as "lastName", phone from contacts
  where (id = ${entry.contact.id} and created_at = ${entry.contact.createdAt}::timestamptz)
    or id in (select contact_id from email_addresses
      where encode(address_hash, 'hex') = any(${entry.addresses}::text[]) and created_at <= ${entry.at}::timestamptz)
  -- Waits for a launch that is writing this person down, and makes the next one wait.
  order by id for update`;

async function forget(client: Runner, entry: JournalEntry, contactId: number, row: Omit<Row, "id">) {
  const addresses = await sqlOn(client)<{ address: string; addressHash: Buffer }>`
    select address, address_hash as "addressHash" from email_addresses where contact_id = ${contactId}`;
  const identities = await sqlOn(client)<{ externalId: string }>`
    select external_id as "externalId" from external_identities where contact_id = ${contactId}`;
  const person: Person = {
    contactId,
    ...row,
    addresses: addresses.map(({ address }) => address),
    hashes: addresses.map(({ addressHash }) => addressHash),
    externalIds: identities.map(({ externalId }) => externalId),
  };
  if (await forgetElsewhere(client, person)) throw new BeingSent();
  await sqlOn(client)`delete from contacts where id = ${contactId}`;
  const data = { erasure: entry.id, why: entry.why };
  const userId = await knownUser(client, entry.by);
  await recordAudit(
    { userId, action: "contact.erased", subject: "contact", subjectId: contactId, data },
    client,
  );
}

/** Of an old journal the account may be gone. */
async function knownUser(client: Runner, by: number | null): Promise<number | null> {
  const [user] = await sqlOn(client)<{ id: number }>`select id from users where id = ${by}::int`;
  return user?.id ?? null;
}
