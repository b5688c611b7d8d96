/** What a refusal means beyond its delivery. Applied before the delivery is settled, so that nobody else meets it meanwhile. */

import { recordRefusal } from "#lib/bounces/mutations";
import { sql } from "#lib/db";
import type { Claim } from "#lib/deliveries/claim";
import { log } from "#lib/log";
import { pauseRelayFor, recentOutcomes, slowDomain } from "#lib/relays/pause";
import { circuitOpens, circuitPause, type RelayPause, type Settlement } from "#lib/relays/rules";

/**
 * Retried by nobody: a failure here is logged and the settlement goes on, because it must not be lost. Returns the
 * settlement to write: what opens the circuit is the relay's doing, and nobody's failure.
 */
export async function applyConsequences(
  relayId: number,
  delivery: Claim,
  settlement: Settlement,
): Promise<Settlement> {
  try {
    if (settlement.pauseRelay) await pause(relayId, settlement.pauseRelay);
    if (settlement.pauseCampaign) await pauseCampaignOf(delivery.id, settlement.pauseCampaign);
    if (settlement.slowDomain) await slowDomain(relayId, delivery.address);
    if (settlement.answered && !settlement.pauseRelay && settlement.reason) {
      const recent = await recentOutcomes(relayId);
      if (circuitOpens(recent, settlement.reason)) {
        await pause(relayId, circuitPause);
        return { ...settlement, status: "queued", delay: 0, counts: false };
      }
    }
    if (settlement.status === "failed" && settlement.judgement) {
      await recordRefusal({
        deliveryId: delivery.id,
        judgement: settlement.judgement,
        reply: settlement.reply,
      });
    }
  } catch (error) {
    log.error({ err: error, delivery: delivery.id }, "consequence not applied");
  }
  return settlement;
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
