import { type Attribution, type Evidence, isFinal, type Target } from "#lib/letters/verdicts/attribution";
import type { Proof } from "#lib/letters/verdicts/proof";
import type { Blame, Verdict } from "#lib/letters/verdicts/reasons";
import { enhancedIn, type ReplyJudgement } from "#lib/letters/verdicts/rules";
import { countSoftBounce, markDead } from "#lib/letters/verdicts/standing";
import { type Runner, sqlOn, transaction } from "#lib/machine/db";
import { recordActivity } from "#lib/people/activities/mutations";

/**
 * Records what a report says, in the transaction that records the report. Append-only: a report read twice is
 * stopped before, by its digest. What does not act is kept without a delivery.
 * @unaudited A server acted, not a person; the bounce is its own entry.
 */
export async function recordBounce(
  client: Runner,
  target: Target | null,
  receivedMailId: number,
  { ours, others, proof }: Attribution,
): Promise<void> {
  const report = { receivedMailId, class: "bounce" };
  for (const one of others) await insert(client, { ...report, deliveryId: null, proof: "none", ...one });
  if (!target) return;
  for (const one of ours) await insert(client, { ...report, deliveryId: target.deliveryId, proof, ...one });
  await applyVerdicts(client, target, ours, receivedMailId);
}

/**
 * The delivery keeps the gravest verdict; delays are kept but are no bounce.
 * @unaudited Part of what a report, or the person who believed it, does: that is written down.
 */
export async function applyVerdicts(
  client: Runner,
  target: Target,
  evidence: Evidence[],
  receivedMailId: number,
): Promise<void> {
  const final = worst(evidence.filter(isFinal));
  if (!final) return;
  const changed = await sqlOn(client)`
    update deliveries set bounced_at = coalesce(bounced_at, clock_timestamp()), bounce = ${final.verdict}
    where id = ${target.deliveryId}
      and (bounce is null or (bounce <> 'hard' and ${final.verdict} = 'hard') or (bounce = 'unknown' and ${final.verdict} = 'soft'))
    returning id`;
  // A second report about the same mail says nothing new.
  if (changed.length > 0) await follow(client, target, final, receivedMailId);
}

/**
 * A relay's final refusal during SMTP: the same consequences, without a report. Once a delivery.
 * @unaudited A server acted, not a person; the bounce is its own entry.
 */
export async function recordRefusal(refusal: {
  deliveryId: number;
  judgement: ReplyJudgement;
  reply: string;
}): Promise<void> {
  const { deliveryId, judgement, reply } = refusal;
  await transaction(async (client) => {
    const [row] = await sqlOn(client)<{
      contactId: number | null;
      campaignId: number | null;
      addressHash: Buffer;
    }>`
      select contact_id as "contactId", campaign_id as "campaignId", address_hash as "addressHash" from deliveries d
      where id = ${deliveryId} and not exists (select 1 from bounces b where b.delivery_id = d.id and b.class = 'refusal')
      for no key update`;
    if (!row) return;
    const evidence = {
      ...judgement,
      status: enhancedIn(reply),
      action: "failed",
      diagnostic: clean(reply),
      recipient: null,
      originalRecipient: null,
    };
    await insert(client, {
      deliveryId,
      receivedMailId: null,
      class: "refusal",
      proof: "refusal",
      ...evidence,
    });
    const target = {
      deliveryId,
      contactId: row.contactId,
      campaignId: row.campaignId,
      addressHash: row.addressHash,
    };
    await follow(client, target, evidence, null);
  });
}

/** The address's standing and the contact's timeline. */
async function follow(
  client: Runner,
  target: Omit<Target, "address" | "old" | "answered">,
  final: Evidence,
  receivedMailId: number | null,
): Promise<void> {
  if (final.blame === "recipient" && final.verdict === "hard") await markDead(client, target.addressHash);
  if (final.blame === "recipient" && final.verdict === "soft")
    await countSoftBounce(client, target.addressHash, target.contactId);
  if (target.contactId === null) return;
  const { verdict, blame, status, reason } = final;
  const { contactId, campaignId, deliveryId } = target;
  const data = { deliveryId, receivedMailId, verdict, blame, status, reason };
  const kind = verdict === "hard" ? "bounce.hard" : "bounce.soft";
  await recordActivity({ kind, contactId, campaignId, data }, client);
}

type Row = Evidence & {
  deliveryId: number | null;
  receivedMailId: number | null;
  class: string;
  proof: Proof;
};

async function insert(client: Runner, row: Row): Promise<void> {
  await sqlOn(client)`
    insert into bounces (delivery_id, received_mail_id, class, verdict, blame, status, reason, diagnostic, recipient, proof)
    values (${row.deliveryId}::int, ${row.receivedMailId}::int, ${row.class}, ${row.verdict}, ${row.blame},
      ${clean(row.status)}, ${clean(row.reason)}, ${clean(row.diagnostic)},
      ${clean(row.originalRecipient ?? row.recipient ?? "")}, ${row.proof})`;
}

const verdicts: Verdict[] = ["hard", "soft", "unknown"];
const blames: Blame[] = ["recipient", "sender", "content", "network", "unknown"];

function worst(evidence: Evidence[]): Evidence | undefined {
  const rank = ({ verdict, blame }: Evidence) =>
    verdicts.indexOf(verdict) * blames.length + blames.indexOf(blame);
  return evidence.toSorted((a, b) => rank(a) - rank(b))[0];
}

const clean = (text: string) => text.replaceAll("\0", "").slice(0, 1_000).toWellFormed();
