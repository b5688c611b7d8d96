/** One mail from a relay's mailbox becomes one row, with all that follows from it, in one transaction. */

import { createHash } from "node:crypto";
import { deliveryOf } from "#lib/letters/deliveries/message-id";
import { carryingSecret, secretsIn, textsOf, withoutSecrets } from "#lib/letters/deliveries/secrets";
import { type Evidence, recordBounce, type Target } from "#lib/letters/verdicts/mutations";
import { markAlive } from "#lib/letters/verdicts/standing";
import { type Runner, sqlOn } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { fieldOf, readHead } from "#lib/machine/mime/head";
import { hashAddress } from "#lib/machine/seal";
import { readToken } from "#lib/machine/tokens";
import { recordActivity } from "#lib/people/activities/mutations";
import { cleanAddress } from "#lib/returns/bounces/fields";
import { type Judgement, judgeMail } from "#lib/returns/bounces/judge";
import { readReport } from "#lib/returns/bounces/parse";
import { recordComplaint } from "#lib/returns/received/complaint";
import { matchAddress, matchContact, matchReferences } from "#lib/returns/received/match";
import { unsubscribeOn } from "#lib/returns/unsubscribe/mutations";

export type MailClass = Judgement["class"] | "unsubscribe";
export type IncomingMail = { uid: number; uidValidity: bigint; raw: Buffer; receivedAt: Date };

/** Read and judged, nothing written yet: what may be slow or fail stays outside the transaction. */
export type ReadMail = IncomingMail & {
  class: MailClass;
  sender: string;
  subject: string;
  /** The address it is from, or null. */
  from: string | null;
  references: string[];
  /** All that it says: a one-time link of ours may be in it. */
  texts: string[];
  recipients: (string | null)[];
  evidence: Evidence[];
};

/** Bytes kept of a mail: a report says what it has to say at its beginning. */
export const keptBytes = 512 * 1024;

/** Never rejects: a mail that cannot be understood is « other », shown and passed over. */
export async function readIncoming(mail: IncomingMail): Promise<ReadMail> {
  const raw = mail.raw.subarray(0, keptBytes);
  const head = readHead(raw);
  const from = cleanAddress(fieldOf(head, "from", 1_000));
  const base = { ...mail, raw, sender: fieldOf(head, "from"), subject: fieldOf(head, "subject"), from };
  const texts = textsOf(raw);
  try {
    const judged = await judgeMail(raw);
    const isRequest =
      judged.class === "complaint" &&
      judged.results.length > 0 &&
      judged.results.every(({ reason }) => reason === "unsubscribe");
    return {
      ...base,
      texts,
      class: isRequest ? "unsubscribe" : judged.class,
      references: judged.references,
      recipients: judged.results.flatMap(({ originalRecipient, recipient }) => [
        originalRecipient,
        recipient,
      ]),
      evidence: judged.class === "bounce" ? evidenceOf(raw, judged) : [],
    };
  } catch (error) {
    log.warn({ err: error, uid: mail.uid }, "mail not understood");
    return { ...base, texts, class: "other", references: [], recipients: [], evidence: [] };
  }
}

function evidenceOf(raw: Buffer, { results }: Judgement): Evidence[] {
  const { notices } = readReport(raw);
  return results.slice(0, 100).map((result) => ({
    ...result,
    diagnostic:
      notices
        .find(({ recipient }) => recipient === result.recipient)
        ?.text.replace(/\s+/g, " ")
        .trim() ?? "",
  }));
}

/** Writes the mail and its consequences. Returns its id, or null when it was already there. */
export async function recordMail(client: Runner, relayId: number, mail: ReadMail): Promise<number | null> {
  const target = await findTarget(client, relayId, mail);
  const kept = (await isForgotten(client, mail, target)) ? withoutWords(mail) : mail;
  const contactId = target ? target.contactId : await matchContact(client, mail.from);
  const digest = createHash("sha256").update(mail.raw).digest();
  const secrets = await secretsIn(client, mail.texts);
  const named = mail.references.flatMap((reference) => deliveryOf(reference) ?? []);
  const carriesSecret = secrets.length > 0 || (await carryingSecret(client, named)).size > 0;
  const [row] = await sqlOn(client)<{ id: number }>`
    insert into received_mails (relay_id, digest, uid_validity, uid, received_at, class, sender, subject, raw, carries_secret, delivery_id, contact_id)
    values (${relayId}, ${digest}, ${mail.uidValidity}, ${mail.uid}, least(${mail.receivedAt}::timestamptz, clock_timestamp()),
      ${mail.class}, ${kept.sender}, ${withoutSecrets(kept.subject, secrets)}, ${kept.raw}, ${carriesSecret},
      ${target?.deliveryId ?? null}::int, ${contactId}::int)
    on conflict (relay_id, digest) do nothing returning id`;
  if (!row) return null;
  const evidence = kept.evidence.map((one) => ({
    ...one,
    diagnostic: withoutSecrets(one.diagnostic, secrets),
  }));
  await consequences(client, { ...mail, evidence, id: row.id, target, contactId });
  return row.id;
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
  evidence: mail.evidence.map((one) => ({ ...one, diagnostic: "" })),
});

/** An answer to a person may come late; a report without our Message-ID only counts while the mail is fresh. */
async function findTarget(client: Runner, relayId: number, mail: ReadMail): Promise<Target | null> {
  if (mail.class === "other" || mail.class === "report") return matchReferences(client, mail.references);
  const named = await matchReferences(client, mail.references);
  if (named) return named;
  if (mail.class === "bounce" || mail.class === "complaint")
    return matchAddress(client, relayId, mail.recipients, 7);
  return matchAddress(client, relayId, [mail.from], 90);
}

type Recorded = ReadMail & { id: number; target: Target | null; contactId: number | null };

async function consequences(client: Runner, mail: Recorded): Promise<void> {
  if (mail.class === "bounce") return recordBounce(client, mail.target, mail.id, mail.evidence);
  if (mail.class === "complaint") return recordComplaint(client, mail.target, mail.id);
  if (mail.class === "unsubscribe") return obey(client, mail);
  if (mail.class === "reply") {
    if (mail.target) {
      await sqlOn(
        client,
      )`update deliveries set replied_at = clock_timestamp() where id = ${mail.target.deliveryId} and replied_at is null`;
    }
    if (mail.from) await markAlive(client, hashAddress(mail.from));
  }
  if (mail.class === "reply" || mail.class === "auto-reply") await note(client, mail);
}

async function note(client: Runner, { id, class: name, contactId, target }: Recorded): Promise<void> {
  if (contactId === null) return;
  const data = { receivedMailId: id, deliveryId: target?.deliveryId ?? null };
  const kind = name === "reply" ? "reply" : "autoreply";
  await recordActivity({ kind, contactId, campaignId: target?.campaignId ?? null, data }, client);
}

/** The token in the subject names the newsletter; without it, the last one sent to that address. */
async function obey(client: Runner, mail: Recorded): Promise<void> {
  const token = /\s([0-9a-z]{1,7}\.[\w-]{24})\s*$/i.exec(mail.subject)?.[1];
  const named = token ? readToken("unsubscribe", token) : null;
  const deliveryId = named ?? mail.target?.deliveryId;
  if (deliveryId === undefined) return;
  await unsubscribeOn(client, { deliveryId, scope: "topic", via: "mailto" });
}
