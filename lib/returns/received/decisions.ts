/** What somebody here decides about a mail that proved too little, or about a verdict that was wrong. */
import { recordAudit } from "#lib/department/audit/mutations";
import { type Evidence, names, type Target } from "#lib/letters/verdicts/attribution";
import { applyVerdicts } from "#lib/letters/verdicts/mutations";
import { standAgain } from "#lib/letters/verdicts/standing";
import { type Runner, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { unsubscribeComplainer } from "#lib/returns/received/complaint";
import { matchDelivery } from "#lib/returns/received/match";
import { unsubscribeOn } from "#lib/returns/unsubscribe/mutations";

type Held = { proposal: string; deliveryId: number | null; contactId: number | null };

/** Believes, or not, a report, a complaint or a request to leave that waited. Zero rows: a colleague was faster. */
export const decideProposal = (
  { id, accepted }: { id: number; accepted: boolean },
  by: number,
): Promise<Result<object, "alreadyHandled" | "nobodyNamed">> =>
  transaction(async (client) => {
    const decision = accepted ? "accepted" : "dismissed";
    const [mail] = await sqlOn(client)<Held>`
      select proposal, delivery_id as "deliveryId", contact_id as "contactId" from received_mails
      where id = ${id} and handled_at is null and proposal in ('bounce', 'complaint', 'leave') for update`;
    if (!mail) return refused("alreadyHandled");
    const target = mail.deliveryId === null ? null : await matchDelivery(client, mail.deliveryId, new Date());
    if (accepted && !target) return refused("nobodyNamed");
    if (accepted && target) await carryOut(client, id, mail.proposal, target);
    await sqlOn(client)`
      update received_mails set handled_at = clock_timestamp(), decision = ${decision}, decided_by_id = ${by} where id = ${id}`;
    await recordAudit(
      {
        userId: by,
        action: "received.decided",
        subject: "contact",
        subjectId: mail.contactId,
        data: { decision, proposal: mail.proposal, receivedMailId: id },
      },
      client,
    );
    return ok;
  });

async function carryOut(client: Runner, id: number, proposal: string, target: Target): Promise<void> {
  if (proposal === "leave") {
    await unsubscribeOn(client, { deliveryId: target.deliveryId, scope: "topic", via: "mailto" });
    return;
  }
  const held = await sqlOn(client)<Evidence & { id: number }>`
    select id, verdict, blame, status, reason, diagnostic, 'failed' as action, nullif(recipient, '') as recipient
    from bounces where received_mail_id = ${id} and proof = 'none' order by id`;
  // A report that names nobody else's address, or no address of ours at all, is believed about whom it was matched to.
  const named = held.filter((one) => target.address === null || names(one, target.address, true));
  const believed = named.length > 0 || proposal === "complaint" ? named : held;
  await sqlOn(client)`
    update bounces set delivery_id = ${target.deliveryId}, proof = 'staff' where id = any(${believed.map((one) => one.id)}::int[])`;
  if (proposal === "complaint") return unsubscribeComplainer(client, target, id);
  const harmful = believed.filter((one) => one.blame === "recipient" && one.reason !== "delayed");
  await applyVerdicts(client, target, harmful, id);
}

/**
 * Takes a verdict back, with the reason. The delivery keeps the gravest of the others; the address is in service again
 * when no other proven verdict says that it is dead. Zero rows: already taken back, or it never acted.
 */
export const overturnVerdict = (
  { id, why }: { id: number; why: string },
  by: number,
): Promise<Result<object, "alreadyOverturned">> =>
  transaction(async (client) => {
    const [row] = await sqlOn(client)<{ deliveryId: number; contactId: number | null }>`
      update bounces b set overturned_at = clock_timestamp(), overturned_by_id = ${by}, overturned_why = ${why}
      from deliveries d
      where b.id = ${id} and b.overturned_at is null and b.class in ('bounce', 'refusal') and d.id = b.delivery_id
      returning b.delivery_id as "deliveryId", d.contact_id as "contactId"`;
    if (!row) return refused("alreadyOverturned");
    await standAgain(client, row.deliveryId);
    await recordAudit(
      {
        userId: by,
        action: "received.overturned",
        subject: "contact",
        subjectId: row.contactId,
        data: { bounceId: id },
      },
      client,
    );
    return ok;
  });
