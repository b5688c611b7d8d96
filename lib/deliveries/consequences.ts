/** What a refusal means beyond its delivery. Applied before the delivery is settled, so that nobody else meets it meanwhile. */

import { recordRefusal } from "#lib/bounces/mutations";
import { sql } from "#lib/db";
import type { Claim } from "#lib/deliveries/claim";
import { log } from "#lib/log";
import { pauseRelayFor, recentOutcomes, slowDomain } from "#lib/relays/pause";
import { circuitOpens, circuitPause, type RelayPause, type Settlement } from "#lib/relays/rules";

/** A delivery that set the whole relay back so often is itself what the server minds. */
const MOST_SET_BACKS = 5;

/**
 * Retried by nobody: a failure here is logged and the settlement goes on, because it must not be lost. Returns the
 * settlement to write: what opens the circuit is the relay's doing, and nobody's failure.
 */
export async function applyConsequences(
  relayId: number,
  delivery: Claim,
  judged: Settlement,
): Promise<Settlement> {
  try {
    const settlement = await endSetBacks(delivery.id, judged);
    if (settlement.pauseRelay) await pause(relayId, settlement.pauseRelay);
    if (settlement.pauseCampaign) await pauseCampaignOf(delivery.id, settlement.pauseCampaign);
    if (settlement.slowDomain) await slowDomain(relayId, delivery.address);
    if (await opensCircuit(relayId, settlement)) {
      await pause(relayId, circuitPause);
      await reopenFailed(relayId, settlement.reason ?? "");
      return { ...settlement, status: "queued", delay: 0, counts: false };
    }
    if (settlement.status === "failed" && settlement.judgement) {
      await recordRefusal({
        deliveryId: delivery.id,
        judgement: settlement.judgement,
        reply: settlement.reply,
      });
    }
    return settlement;
  } catch (error) {
    log.error({ err: error, delivery: delivery.id }, "consequence not applied");
    return judged;
  }
}

/** One recipient whose server blames us each time must not stop everybody's mail for ever. */
async function endSetBacks(deliveryId: number, settlement: Settlement): Promise<Settlement> {
  if (!settlement.pauseRelay || !settlement.answered) return settlement;
  const [log] = await sql<{ n: number }>`
    select count(*)::int as n from attempts where delivery_id = ${deliveryId} and outcome = 'requeued' and reason = ${settlement.reason}`;
  if ((log?.n ?? 0) < MOST_SET_BACKS) return settlement;
  const { pauseRelay: _, ...rest } = settlement;
  return { ...rest, status: "failed", delay: 0, counts: true };
}

async function opensCircuit(relayId: number, settlement: Settlement): Promise<boolean> {
  if (!settlement.answered || settlement.pauseRelay || !settlement.reason) return false;
  return circuitOpens(await recentOutcomes(relayId), settlement.reason);
}

/**
 * The circuit is open: who failed for the same reason in the last minutes is put back. Not when the reason is the
 * recipients' own: then the list is what is wrong, and people decide.
 */
async function reopenFailed(relayId: number, reason: string): Promise<void> {
  await sql`
    with reopened as (
      update deliveries d set status = 'queued', reason = 'circuit', settled_at = null, due_at = clock_timestamp()
      where d.relay_id = ${relayId} and d.status = 'failed' and d.reason = ${reason}
        and d.settled_at > clock_timestamp() - interval '10 minutes'
        and not exists (select 1 from bounces b where b.delivery_id = d.id and b.blame = 'recipient')
        and (d.campaign_id is null or exists (select 1 from campaigns k where k.id = d.campaign_id and k.status in ('sending', 'paused')))
      returning d.id, d.attempts, d.relay_id
    ), forgotten as (
      delete from bounces b using reopened where b.delivery_id = reopened.id and b.class = 'refusal'
    )
    insert into attempts (delivery_id, n, relay_id, outcome, reason) select id, attempts, relay_id, 'requeued', 'circuit' from reopened`;
}

async function pause(relayId: number, how: RelayPause): Promise<void> {
  log.warn({ relay: relayId, reason: how.reason }, "relay paused");
  await pauseRelayFor(relayId, how);
}

/** The relay refuses this content: the others would be refused too. */
async function pauseCampaignOf(deliveryId: number, reason: string): Promise<void> {
  await sql`
    with paused as (
      update campaigns set status = 'paused', paused_at = clock_timestamp(), pause_reason = ${reason}
      where status = 'sending' and id = (select campaign_id from deliveries where id = ${deliveryId})
      returning id
    )
    insert into notices (kind, data)
    select 'campaignPaused', jsonb_build_object('campaignId', id, 'reason', ${reason}::text) from paused`;
}
