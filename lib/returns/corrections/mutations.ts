import { recordAudit } from "#lib/department/audit/mutations";
import { type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { correctContact } from "#lib/people/contacts/correct";
import type { CorrectionInput } from "#lib/returns/corrections/schema";
import { asContact } from "#lib/returns/unsubscribe/reader";

/**
 * What a reader says is wrong: written down for somebody here, and nowhere else. Said again, it takes the place of what
 * waits.
 * @unaudited The reader proposes; whoever accepts is in the journal.
 */
export async function proposeCorrection(
  deliveryId: number,
  said: CorrectionInput,
): Promise<Result<object, "nothingSaid" | "notFound" | "rehearsal" | "nobodyAnyMore">> {
  if (Object.values(said).every((value) => value === "")) return refused("nothingSaid");
  return asContact(deliveryId, async (client, contactId) => {
    await sqlOn(client)`
      insert into corrections (contact_id, delivery_id, first_name, last_name, email, phone, street, postcode, city, note)
      values (${contactId}, ${deliveryId}, ${said.firstName}, ${said.lastName}, ${said.email}, ${said.phone},
        ${said.street}, ${said.postcode}, ${said.city}, ${said.note})
      on conflict (contact_id) where decided_at is null do update set delivery_id = excluded.delivery_id, at = clock_timestamp(),
        first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email, phone = excluded.phone,
        street = excluded.street, postcode = excluded.postcode, city = excluded.city, note = excluded.note`;
    return {};
  });
}

type Decision = { id: number; at: Date; accepted: boolean };
type Row = CorrectionInput & { contactId: number };

/** Writes what a reader proposed, or puts it away. Zero rows: a colleague was faster, or they wrote anew. */
export async function decideCorrection(
  { id, at, accepted }: Decision,
  by: number,
): Promise<Result<unknown, "alreadyDecided" | "addressTaken" | "notFound">> {
  const [row] = await sql<Row>`
    select contact_id as "contactId", first_name as "firstName", last_name as "lastName", email, phone, street, postcode, city, note
    from corrections where id = ${id} and at = ${at} and decided_at is null`;
  if (!row) return refused("alreadyDecided");
  const { contactId, note: _, ...said } = row;
  const decide = (client: Runner) => close(client, { id, at, accepted, contactId }, by);
  if (!accepted) return transaction(decide);
  return correctContact(contactId, said, by, decide);
}

async function close(
  client: Runner,
  { id, at, accepted, contactId }: Decision & { contactId: number },
  by: number,
): Promise<Result<object, "alreadyDecided">> {
  const rows = await sqlOn(client)`
    update corrections set decided_at = clock_timestamp(), decided_by = ${by}, accepted = ${accepted}
    where id = ${id} and at = ${at} and decided_at is null returning id`;
  if (rows.length === 0) return refused("alreadyDecided");
  const data = { decision: accepted ? "accepted" : "dismissed", correctionId: id };
  await recordAudit(
    { userId: by, action: "contact.correctionDecided", subject: "contact", subjectId: contactId, data },
    client,
  );
  return ok;
}
