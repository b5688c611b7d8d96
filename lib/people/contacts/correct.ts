/** What somebody says is wrong of themselves, once a colleague agreed. */
import type pg from "pg";
import { sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { hashAddress } from "#lib/machine/seal";
import { columns, recordChange, unlessTaken } from "#lib/people/contacts/mutations";
import { acceptPhone } from "#lib/people/contacts/rules";
import type { ContactInput } from "#lib/people/contacts/schema";

type Correction = Partial<
  Pick<ContactInput, "firstName" | "lastName" | "phone" | "street" | "postcode" | "city">
> & {
  email: string;
};

/**
 * Writes what somebody says is wrong of themselves; what is empty stays as it is, and a new address becomes the one we
 * write to. `also` is done in the same transaction, first; its refusal refuses all.
 */
export const correctContact = <R extends string>(
  id: number,
  { email, ...typed }: Correction,
  by: number,
  also: (client: pg.PoolClient) => Promise<Result<object, R>>,
): Promise<Result<unknown, R | "addressTaken" | "notFound">> =>
  unlessTaken(email, async (client): Promise<Result<unknown, R | "notFound">> => {
    const agreed = await also(client);
    if (!agreed.ok) return agreed;
    const [before] = await sqlOn(client)<
      Record<string, unknown> & { country: string; postcode: string }
    >`select * from contacts where id = ${id} for update`;
    if (!before) return refused("notFound");
    const said = { ...typed, phone: phoneOf(typed, before) };
    const changed = (Object.keys(said) as (keyof typeof said)[]).filter(
      (field) => said[field] && before[columns[field]] !== said[field],
    );
    if (changed.length > 0) {
      const sets = changed.map((field, i) => `${columns[field]} = $${i + 2}`);
      await client.query(`update contacts set updated_at = now(), ${sets.join(", ")} where id = $1`, [
        id,
        ...changed.map((field) => said[field]),
      ]);
    }
    const values: Record<string, unknown[]> = Object.fromEntries(
      changed.map((field) => [field, [before[columns[field]], said[field]]]),
    );
    if (email) values.primaryEmail = [await writeTo(client, id, email), email];
    const fields = Object.keys(values);
    if (fields.length > 0) await recordChange(client, "contact.updated", id, by, { fields }, values);
    return { ok: true };
  });

/** As the book writes numbers; what it cannot read stays as it was typed, since a colleague agreed to it. */
const phoneOf = (
  { phone, postcode }: Omit<Correction, "email">,
  before: { country: string; postcode: string },
): string | undefined => phone && (acceptPhone(phone, before.country, postcode || before.postcode) ?? phone);

/** Theirs already, or new: the one we write to from now on. Returns the one before. */
async function writeTo(client: pg.PoolClient, contactId: number, address: string): Promise<string> {
  const on = sqlOn(client);
  const [former] = await on<{ address: string }>`
    update email_addresses set is_primary = false where contact_id = ${contactId} and is_primary returning address`;
  const rows = await on`
    update email_addresses set is_primary = true where contact_id = ${contactId} and address = ${address} returning id`;
  if (rows.length === 0)
    await on`
      insert into email_addresses (contact_id, address, address_hash, typed, is_primary)
      values (${contactId}, ${address}, ${Buffer.from(hashAddress(address))}, false, true)`;
  return former?.address ?? "";
}
