import type pg from "pg";
import type { ActsOn } from "#lib/department/audit/actions";
import { recordAudit } from "#lib/department/audit/mutations";
import { promptly, sqlOn, transaction } from "#lib/machine/db";
import { type Refusal, type Result, refused } from "#lib/machine/result";
import { hashAddress } from "#lib/machine/seal";
import { recordActivity } from "#lib/people/activities/mutations";
import type { ContactInput } from "#lib/people/contacts/schema";

type Taken = Refusal<"addressTaken">;

/** Creates a contact; `email` may be empty. An address of somebody else is refused with their name and page. */
export async function createContact(
  input: ContactInput & { email: string },
  by: number,
): Promise<Result<{ id: number }, "addressTaken">> {
  return unlessTaken(input.email, async (client) => {
    const [row] = await sqlOn(client)<{ id: number }>`
      insert into contacts (kind, first_name, last_name, graduation_year, phone, street, postcode, city, country, website, notes, locale)
      values (${input.kind}, ${input.firstName}, ${input.lastName}, ${input.graduationYear}, ${input.phone}, ${input.street},
              ${input.postcode}, ${input.city}, ${input.country}, ${input.website}, ${input.notes}, ${input.locale})
      returning id`;
    const id = row?.id ?? 0;
    if (input.email)
      await sqlOn(client)`
        insert into email_addresses (contact_id, address, address_hash, typed, is_primary)
        values (${id}, ${input.email}, ${Buffer.from(hashAddress(input.email))}, true, true)`;
    await recordChange(client, "contact.created", id, by, {});
    return { ok: true, id };
  });
}

export const columns: Record<keyof ContactInput, string> = {
  kind: "kind",
  firstName: "first_name",
  lastName: "last_name",
  graduationYear: "graduation_year",
  phone: "phone",
  street: "street",
  postcode: "postcode",
  city: "city",
  country: "country",
  website: "website",
  notes: "notes",
  locale: "locale",
};

/** Writes what changed since `version` (its updatedAt) was read; `conflict` when somebody wrote in between. */
export async function editContact(
  id: number,
  version: Date,
  input: ContactInput,
  by: number,
): Promise<Result<unknown, "conflict" | "notFound">> {
  return promptly(async (client) => {
    const [before] = await sqlOn(client)<
      Record<string, unknown> & { updated_at: Date }
    >`select * from contacts where id = ${id} for update`;
    if (!before) return refused("notFound");
    if (before.updated_at.getTime() !== version.getTime()) return refused("conflict");
    const changed = (Object.keys(columns) as (keyof ContactInput)[]).filter(
      (field) => before[columns[field]] !== input[field],
    );
    if (changed.length === 0) return { ok: true };
    const sets = changed.map((field, i) => `${columns[field]} = $${i + 2}`);
    await client.query(`update contacts set updated_at = now(), ${sets.join(", ")} where id = $1`, [
      id,
      ...changed.map((field) => input[field]),
    ]);
    const values = Object.fromEntries(
      changed.map((field) => [field, [before[columns[field]], input[field]]]),
    );
    await recordChange(client, "contact.updated", id, by, { fields: changed }, values);
    return { ok: true };
  });
}

export const archiveContact = (id: number, by: number) => turn(id, by, "contact.archived");
export const restoreContact = (id: number, by: number) => turn(id, by, "contact.restored");

async function turn(
  id: number,
  by: number,
  kind: "contact.archived" | "contact.restored",
): Promise<Result<unknown, "notFound">> {
  return promptly(async (client) => {
    const away = kind === "contact.archived";
    const rows = await sqlOn(client)`
      update contacts set archived_at = case when ${away}::boolean then now() end, updated_at = now()
      where id = ${id} and (archived_at is null) = ${away}::boolean returning id`;
    // Zero rows: already so, or a colleague clicked first.
    if (rows.length === 0) return refused("notFound");
    await recordChange(client, kind, id, by, {});
    return { ok: true };
  });
}

/** The first address of a contact is its primary one. */
export async function addAddress(
  contactId: number,
  address: string,
  by: number,
): Promise<Result<unknown, "addressTaken">> {
  return unlessTaken(address, async (client) => {
    await sqlOn(client)`select from contacts where id = ${contactId} for update`;
    await sqlOn(client)`
      insert into email_addresses (contact_id, address, address_hash, typed, is_primary)
      select ${contactId}::int, ${address}, ${Buffer.from(hashAddress(address))}, true,
             not exists (select from email_addresses where contact_id = ${contactId})`;
    await recordChange(
      client,
      "contact.updated",
      contactId,
      by,
      { fields: ["email"] },
      { email: ["", address] },
    );
    return { ok: true };
  });
}

/** The address goes; why it must not be written to is kept by its hash. The oldest left becomes primary. */
export async function removeAddress(id: number, by: number): Promise<Result<unknown, "notFound">> {
  return promptly(async (client) => {
    const [gone] = await sqlOn(client)<{
      contactId: number;
      address: string;
    }>`delete from email_addresses where id = ${id} returning contact_id as "contactId", address`;
    if (!gone) return refused("notFound");
    await sqlOn(client)`
      update email_addresses set is_primary = true
      where id = (select min(id) from email_addresses where contact_id = ${gone.contactId})
        and not exists (select from email_addresses where contact_id = ${gone.contactId} and is_primary)`;
    const values = { email: [gone.address, ""] };
    await recordChange(client, "contact.updated", gone.contactId, by, { fields: ["email"] }, values);
    return { ok: true };
  });
}

/** Another address in the place of one: typed by a colleague, so it lives, and primary if the other was. */
export async function correctAddress(
  id: number,
  address: string,
  by: number,
): Promise<Result<unknown, "notFound" | "addressTaken">> {
  return unlessTaken(address, async (client) => {
    const [former] = await sqlOn(client)<{ contactId: number; address: string; isPrimary: boolean }>`
      delete from email_addresses where id = ${id}
      returning contact_id as "contactId", address, is_primary as "isPrimary"`;
    if (!former) return refused("notFound");
    await sqlOn(client)`
      insert into email_addresses (contact_id, address, address_hash, typed, is_primary)
      values (${former.contactId}, ${address}, ${Buffer.from(hashAddress(address))}, true, ${former.isPrimary})`;
    const values = { email: [former.address, address] };
    await recordChange(client, "contact.updated", former.contactId, by, { fields: ["email"] }, values);
    return { ok: true };
  });
}

export async function makePrimary(id: number, by: number): Promise<Result<unknown, "notFound">> {
  return promptly(async (client) => {
    const [address] = await sqlOn(client)<{ contactId: number; address: string; former: string | null }>`
      select c.id as "contactId", m.address, (select f.address from email_addresses f where f.contact_id = c.id and f.is_primary) as former
      from contacts c join email_addresses m on m.contact_id = c.id where m.id = ${id} for update of c`;
    if (!address) return refused("notFound");
    await sqlOn(
      client,
    )`update email_addresses set is_primary = false where contact_id = ${address.contactId} and is_primary and id <> ${id}`;
    const rows = await sqlOn(
      client,
    )`update email_addresses set is_primary = true where id = ${id} and not is_primary returning id`;
    const values = { primaryEmail: [address.former ?? "", address.address] };
    if (rows.length > 0)
      await recordChange(
        client,
        "contact.updated",
        address.contactId,
        by,
        { fields: ["primaryEmail"] },
        values,
      );
    return { ok: true };
  });
}

/** The unique index answers; who has the address is only looked up to name them. */
export async function unlessTaken<T>(
  address: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T | Taken> {
  try {
    return await promptly(work);
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== "email_addresses_address_key") throw error;
    return transaction(async (client) => {
      const [owner] = await sqlOn(client)<{ id: number; name: string }>`
        select c.id, btrim(c.first_name || ' ' || c.last_name) as name
        from email_addresses m join contacts c on c.id = m.contact_id where m.address = ${address}`;
      return refused("addressTaken", owner ? { label: owner.name, href: `/contacts/${owner.id}` } : {});
    });
  }
}

/** The timeline, in the mutation's own transaction, and the journal: that one outlives people, so it has no `values`. */
export async function recordChange(
  client: pg.PoolClient,
  kind: `contact.${ActsOn<"contact">}`,
  contactId: number,
  by: number,
  data: Record<string, string[]>,
  values?: Record<string, unknown[]>,
) {
  await recordActivity({ kind, contactId, userId: by, data: { ...data, ...(values && { values }) } }, client);
  await recordAudit({ userId: by, action: kind, subject: "contact", subjectId: contactId, data }, client);
}
