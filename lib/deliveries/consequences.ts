/** What a refusal means beyond its delivery. Applied before the delivery is settled, so that nobody else meets it meanwhile. */

import { recordRefusal } from "#lib/bounces/mutations";
import { sql } from "#lib/db";
import { log } from "#lib/log";
import { pauseRelayFor } from "#lib/relays/ledger";
import type { Settlement } from "#lib/relays/rules";

/** Retried by nobody: a failure here is logged and the settlement goes on, because it must not be lost. */
export async function applyConsequences(
  relayId: number,
  deliveryId: number,
  settlement: Settlement,
): Promise<void> {
  try {
    if (settlement.pauseRelay) {
      log.warn({ relay: relayId, reason: settlement.pauseRelay.reason }, "relay paused");
      await pauseRelayFor(relayId, settlement.pauseRelay.seconds, settlement.pauseRelay.reason);
    }
    if (settlement.pauseCampaign) await pauseCampaignOf(deliveryId, settlement.pauseCampaign);
    if (settlement.status === "failed" && settlement.judgement) {
      await recordRefusal({ deliveryId, judgement: settlement.judgement, reply: settlement.reply });
    }
  } catch (error) {
    log.error({ err: error, delivery: deliveryId }, "consequence not applied");
  }
}

/** The relay refuses this content: the others would be refused too. */
async function pauseCampaignOf(deliveryId: number, reason: string): Promise<void> {
  await sql`
    update campaigns set status = 'paused', paused_at = clock_timestamp(), pause_reason = ${reason}
    where status = 'sending' and id = (select campaign_id from deliveries where id = ${deliveryId})`;
}
