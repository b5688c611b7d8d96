/** One mail from a relay's mailbox becomes one row, with all that follows from it, in one transaction. */

import { createHash } from "node:crypto";
import { deliveryOf } from "#lib/letters/deliveries/message-id";
import { findNamed } from "#lib/letters/deliveries/names";
import { carryingSecret, secretsIn, withoutSecrets } from "#lib/letters/deliveries/secrets";
import { type Attribution, attribute, type Target } from "#lib/letters/verdicts/attribution";
import { recordBounce } from "#lib/letters/verdicts/mutations";
import type { Proof } from "#lib/letters/verdicts/proof";
import { markAlive } from "#lib/letters/verdicts/standing";
import { type Runner, sqlOn } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { recordActivity } from "#lib/people/activities/mutations";
import { awaitReturn, closeAnswered } from "#lib/people/tasks/awaiting";
import { recordComplaint } from "#lib/returns/received/complaint";
import { matchContact } from "#lib/returns/received/match";
import { complaintProof, leavingToken, type Origin, originOf } from "#lib/returns/received/origin";
import { proposalOf } from "#lib/returns/received/proposal";
import type { ReadMail } from "#lib/returns/received/read";
import { unsubscribeOn } from "#lib/returns/unsubscribe/mutations";

/** What follows from a mail, decided before anything is written. */
type Plan = { target: Target | null; contactId: number | null; proof: Proof; attribution: Attribution };

/** Writes the mail and its consequences. Returns its id, or null when it was already there. */
export async function recordMail(client: Runner, relayId: number, mail: ReadMail): Promise<number | null> {
  const plan = await planOf(client, relayId, mail);
  const forgotten = await isForgotten(client, mail, plan.target);
  const kept = forgotten ? withoutWords(mail) : mail;
  const secrets = await secretsIn(client, mail.texts);
  // Of the whole mail, kept or not: reading the mailbox again brings nobody back.
  const digest = createHash("sha256").update(mail.raw).digest();
  const id = await insertMail(client, { relayId, mail: kept, digest, plan, secrets });
  if (id === null) return null;
  const clear = (list: Attribution["ours"]) =>
    list.map((one) => ({
      ...one,
      ...(forgotten && { recipient: null, originalRecipient: null }),
      diagnostic: forgotten ? "" : withoutSecrets(one.diagnostic, secrets),
    }));
  const { ours, others } = plan.attribution;
  const attribution = { ...plan.attribution, ours: clear(ours), others: clear(others) };
  await consequences(client, { ...mail, ...plan, attribution, id });
  return id;
}

async function planOf(client: Runner, relayId: number, mail: ReadMail): Promise<Plan> {
  const origin: Origin = await originOf(client, relayId, mail);
  const { target } = origin;
  const proof = mail.class === "complaint" ? complaintProof(origin, mail.recipients) : origin.proof;
  const contactId = target ? target.contactId : await matchContact(client, mail.from);
  return { target, contactId, proof, attribution: attribute(mail.evidence, target, proof) };
}

type Insert = { relayId: number; mail: ReadMail; digest: Buffer; plan: Plan; secrets: string[] };

async function insertMail(
  client: Runner,
  { relayId, mail, digest, plan, secrets }: Insert,
): Promise<number | null> {
  const { target, contactId, proof, attribution } = plan;
  const named = await findNamed(
    mail.references.flatMap((reference) => deliveryOf(reference) ?? []),
    client,
  );
  const carriesSecret = secrets.length > 0 || (await carryingSecret(client, named)).size > 0;
  const proposal = proposalOf(mail, {
    // Of somebody erased, or of nobody we know, there is nothing to decide.
    known: contactId !== null,
    proof,
    waits: attribution.waits,
  });
  const [row] = await sqlOn(client)<{ id: number }>`
    insert into received_mails (relay_id, digest, uid_validity, uid, received_at, class, sender, subject, raw, carries_secret,
      delivery_id, contact_id, proposal, proposed_address, back_on)
    values (${relayId}, ${digest}, ${mail.uidValidity}, ${mail.uid}, least(${mail.receivedAt}::timestamptz, clock_timestamp()),
      ${mail.class}, ${mail.sender}, ${withoutSecrets(mail.subject, secrets)}, ${mail.raw}, ${carriesSecret},
      ${target?.deliveryId ?? null}::int, ${contactId}::int, ${proposal}, ${mail.answer?.address ?? ""}, ${mail.answer?.backOn ?? null}::date)
    on conflict (relay_id, digest) do nothing returning id`;
  return row?.id ?? null;
}

/** A machine's answer about somebody erased since: what it did counts, what it says would write them down again. */
async function isForgotten(client: Runner, mail: ReadMail, target: Target | null): Promise<boolean> {
  if (!target || target.contactId !== null || mail.class === "reply") return false;
  const [row] = await sqlOn(client)`
    select id from deliveries where id = ${target.deliveryId} and contact_id is null and erased_at is not null`;
  return row !== undefined;
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
  if (mail.class === "bounce") return recordBounce(client, mail.target, mail.id, mail.attribution);
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
