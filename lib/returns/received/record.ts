/** One mail from a relay's mailbox becomes one row, with all that follows from it, in one transaction. */

import { createHash } from "node:crypto";
import { deliveryOf } from "#lib/letters/deliveries/message-id";
import { findNamed } from "#lib/letters/deliveries/names";
import { carryingSecret, withoutSecrets } from "#lib/letters/deliveries/secrets";
import { recordBounce } from "#lib/letters/verdicts/mutations";
import { markAlive } from "#lib/letters/verdicts/standing";
import { type Runner, sqlOn } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { recordActivity } from "#lib/people/activities/mutations";
import { awaitReturn, closeAnswered } from "#lib/people/tasks/awaiting";
import { recordComplaint } from "#lib/returns/received/complaint";
import { fileIncoming } from "#lib/returns/received/file";
import { leavingToken } from "#lib/returns/received/origin";
import { ownCopyOf, recordOwnCopy } from "#lib/returns/received/own-copy";
import { type Plan, planOf } from "#lib/returns/received/plan";
import type { ReadMail } from "#lib/returns/received/read";
import { unsubscribeOn } from "#lib/returns/unsubscribe/mutations";

/**
 * Writes the mail and its consequences. `folder`: where it was found, when that is not the main one: there is what a filter
 * set apart, and only what concerns a letter of ours or somebody we know is kept of it. Returns its id, or null when it
 * was already there or is not kept.
 */
export async function recordMail(
  client: Runner,
  relayId: number,
  mail: ReadMail,
  folder: string | null = null,
): Promise<number | null> {
  const copy = await ownCopyOf(client, relayId, mail);
  if (copy) {
    const digest = createHash("sha256").update(mail.raw).digest();
    return recordOwnCopy(client, { relayId, mail, digest, folder }, copy);
  }
  const plan = await planOf(client, relayId, mail);
  if (folder !== null && plan.target === null && plan.contactId === null) return null;
  // Of the whole mail, kept or not: reading the mailbox again brings nobody back.
  const digest = createHash("sha256").update(mail.raw).digest();
  const kept = plan.forgotten ? withoutWords(mail) : mail;
  const id = await insertMail(client, { relayId, mail: kept, digest, plan, folder });
  if (id === null) return null;
  await consequences(client, { ...mail, ...plan, id });
  await fileIncoming(client, kept, { id, plan, secret: plan.secrets.length > 0 });
  return id;
}

type Insert = { relayId: number; mail: ReadMail; digest: Buffer; plan: Plan; folder: string | null };

async function insertMail(
  client: Runner,
  { relayId, mail, digest, plan, folder }: Insert,
): Promise<number | null> {
  const { target, contactId, secrets, proposal } = plan;
  const named = await findNamed(
    mail.references.flatMap((reference) => deliveryOf(reference) ?? []),
    client,
  );
  const carriesSecret = secrets.length > 0 || (await carryingSecret(client, named)).size > 0;
  const [row] = await sqlOn(client)<{ id: number }>`
    insert into received_mails (relay_id, digest, uid_validity, uid, folder, received_at, class, sender, subject, raw, carries_secret,
      delivery_id, contact_id, proposal, proposed_address, back_on)
    values (${relayId}, ${digest}, ${mail.uidValidity}, ${mail.uid}, ${folder}, least(${mail.receivedAt}::timestamptz, clock_timestamp()),
      ${mail.class}, ${mail.sender}, ${withoutSecrets(mail.subject, secrets)}, ${mail.raw}, ${carriesSecret},
      ${target?.deliveryId ?? null}::int, ${contactId}::int, ${proposal}, ${mail.answer?.address ?? ""}, ${mail.answer?.backOn ?? null}::date)
    on conflict (relay_id, digest) do nothing returning id`;
  return row?.id ?? null;
}

const withoutWords = (mail: ReadMail): ReadMail => ({
  ...mail,
  sender: "",
  subject: "",
  raw: Buffer.alloc(0),
  answer: null,
});

type Recorded = ReadMail & Plan & { id: number };

async function consequences(client: Runner, mail: Recorded): Promise<void> {
  if (mail.class === "bounce") {
    await recordBounce(client, mail.target, mail.id, mail.attribution);
    for (const one of mail.also) await recordBounce(client, one.target, mail.id, one.attribution);
    return;
  }
  if (mail.class === "complaint") return recordComplaint(client, mail.target, mail.id, mail.proof);
  if (mail.class === "unsubscribe") return obey(client, mail);
  if (mail.class === "report") return arrived(client, mail);
  if (mail.class === "reply") {
    if (mail.target) {
      const { deliveryId } = mail.target;
      await sqlOn(
        client,
      )`update deliveries set replied_at = clock_timestamp() where id = ${deliveryId} and replied_at is null`;
      await closeAnswered(client, [deliveryId], mail.id);
    }
    if (mail.from) await markAlive(client, hashAddress(mail.from));
  }
  if (mail.class === "auto-reply" && mail.target && mail.answer?.backOn)
    await awaitReturn(client, [mail.target.deliveryId], mail.answer.backOn);
  if (mail.class === "reply" || mail.class === "auto-reply") await note(client, mail);
}

/** A server, or a receipt, says of our own mail that it arrived. */
async function arrived(client: Runner, { target, delivered }: Recorded): Promise<void> {
  if (target && delivered) await markAlive(client, target.addressHash);
}

async function note(client: Runner, { id, class: name, contactId, target }: Recorded): Promise<void> {
  if (contactId === null) return;
  const data = { receivedMailId: id, deliveryId: target?.deliveryId ?? null };
  const kind = name === "reply" ? "reply" : "autoreply";
  await recordActivity({ kind, contactId, campaignId: target?.campaignId ?? null, data }, client);
}

/** The token in the subject names the newsletter; without it, the last one sent to that address. Unproven, it waits. */
async function obey(client: Runner, mail: Recorded): Promise<void> {
  const token = leavingToken(mail);
  const [named] = token ? await findNamed([token], client) : [];
  const deliveryId = named ?? (mail.proof === "none" ? undefined : mail.target?.deliveryId);
  if (deliveryId === undefined) return;
  await unsubscribeOn(client, { deliveryId, scope: "topic", via: "mailto" });
}
