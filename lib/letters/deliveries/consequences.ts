/** What a refusal means beyond its delivery. Applied before the delivery is settled, so that nobody else meets it meanwhile. */

import { notify } from "#lib/department/notices/mutations";
import type { Claim } from "#lib/letters/deliveries/claim";
import {
  isAccepting,
  pauseRelayFor,
  recentOutcomes,
  recentOutcomesOf,
  recordBlame,
  recordThrottled,
} from "#lib/letters/relays/pause";
import {
  asSetBack,
  circuitOpens,
  circuitPause,
  type RelayPause,
  retryDelay,
  type Settlement,
} from "#lib/letters/relays/rules";
import { recordRefusal } from "#lib/letters/verdicts/mutations";
import { sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";

/** A delivery that set the whole relay, or its campaign, back so often is itself what the server minds. */
const MOST_RELAY_SET_BACKS = 5;
const MOST_CAMPAIGN_SET_BACKS = 2;
/** Whatever the recipient, these are about our account. */
const accountFaults = new Set(["sending-limit", "login-refused", "too-many-connections"]);

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
    const settlement = await whoseFault(relayId, delivery, judged);
    const { reason, pauseRelay, pauseCampaign, judgement } = settlement;
    if (pauseRelay) await pause(relayId, pauseRelay);
    // Those it failed for the same reason a moment ago, before anybody could suspect it.
    if (pauseRelay && judged.suspect) await reopenFailed(relayId, pauseRelay.reason);
    if (pauseCampaign) await pauseCampaignOf(delivery.id, pauseCampaign);
    if (settlement.throttled) await recordThrottled(relayId, delivery.address);
    if (await opensCircuit(relayId, settlement)) {
      await pause(relayId, circuitPause);
      await reopenFailed(relayId, reason ?? "");
      return { ...settlement, status: "queued", delay: 0, counts: false };
    }
    if (settlement.status === "failed" && judgement) {
      await recordRefusal({ deliveryId: delivery.id, judgement, reply: settlement.reply });
      if (judgement.blame === "recipient") await breakCampaign(delivery.id, reason ?? "");
    }
    return settlement;
  } catch (error) {
    log.error({ err: error, delivery: delivery.id }, "consequence not applied");
    return judged;
  }
}

/** The relay's, one domain's, or this delivery's own: one recipient's server must not stop everybody's mail for ever. */
async function whoseFault(relayId: number, delivery: Claim, judged: Settlement): Promise<Settlement> {
  const { suspect, judgement, answered } = judged;
  const suspected = suspect && !(await isAccepting(relayId));
  if (suspected && !(await wasRefusedSo(relayId, suspect.reason))) return firstDoubt(judged);
  const settlement = suspected ? asSetBack(judged, suspect) : judged;
  const { pauseRelay, pauseCampaign, reason } = settlement;
  if (!reason || (pauseRelay ? !answered : !pauseCampaign)) return settlement;
  const most = pauseRelay ? MOST_RELAY_SET_BACKS : MOST_CAMPAIGN_SET_BACKS;
  const alone = (await countSetBacks(delivery.id, reason)) >= most;
  const domains = pauseRelay && !accountFaults.has(reason) && (await recordBlame(relayId, delivery.address));
  if (!alone && !domains) return settlement;
  if (suspect && !alone) return judged;
  const { pauseRelay: _, pauseCampaign: __, ...rest } = settlement;
  const later = alone || !judgement ? null : retryDelay(delivery.attempts + 1);
  return later === null
    ? { ...rest, status: "failed", delay: 0, counts: true }
    : { ...rest, status: "queued", delay: later, counts: true };
}

/**
 * A relay that took nothing yet and refuses one recipient in words that may speak of us: one no is no evidence of either.
 * This one waits a moment while others are tried; refused likewise, they or it show that the relay is what is wrong.
 */
const firstDoubt = (judged: Settlement): Settlement => ({
  ...judged,
  status: "queued",
  delay: 10,
  counts: false,
});

/** Whether anybody met the same refusal in the last ten minutes. */
const wasRefusedSo = async (relayId: number, reason: string) =>
  (await recentOutcomes(relayId)).some((one) => one.outcome === "refused" && one.reason === reason);

async function countSetBacks(deliveryId: number, reason: string): Promise<number> {
  const [log] = await sql<{ n: number }>`
    select count(*)::int as n from attempts where delivery_id = ${deliveryId} and outcome = 'requeued' and reason = ${reason}`;
  return log?.n ?? 0;
}

/** Not when the reason is the recipients' own: then the list is what is wrong, and only its campaign stops. */
async function opensCircuit(relayId: number, settlement: Settlement): Promise<boolean> {
  const { answered, pauseRelay, reason, judgement } = settlement;
  if (!answered || pauseRelay || !reason || judgement?.blame === "recipient") return false;
  return circuitOpens(await recentOutcomes(relayId), reason);
}

/** Half of a campaign's recipients unknown: an old list, that people should look at before the others are written to. */
async function breakCampaign(deliveryId: number, reason: string): Promise<void> {
  const [row] = await sql<{
    id: number | null;
  }>`select campaign_id as id from deliveries where id = ${deliveryId}`;
  if (!row?.id || !circuitOpens(await recentOutcomesOf(row.id), reason)) return;
  await pauseCampaignOf(deliveryId, "circuit");
}

/** The relay is what is wrong: who failed for the same reason in the last minutes is put back. */
async function reopenFailed(relayId: number, reason: string): Promise<void> {
  await sql`
    with open as (
      -- A campaign that closes at this moment is opened again by finishCampaigns.
      select k.id from campaigns k where k.status in ('sending', 'paused', 'sent') and (k.finished_at is null or k.finished_at > clock_timestamp() - interval '10 minutes')
    ), reopened as (
      update deliveries d set status = 'queued', reason = 'circuit', settled_at = null, due_at = clock_timestamp()
      where d.relay_id = ${relayId} and d.status = 'failed' and d.reason = ${reason}
        and d.settled_at > clock_timestamp() - interval '10 minutes'
        and not exists (select 1 from bounces b where b.delivery_id = d.id and b.blame = 'recipient')
        and (d.campaign_id is null or d.campaign_id in (select id from open))
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
  await transaction(async (client) => {
    const [paused] = await sqlOn(client)<{ id: number }>`
      update campaigns set status = 'paused', paused_at = clock_timestamp(), pause_reason = ${reason}
      where status = 'sending' and id = (select campaign_id from deliveries where id = ${deliveryId})
      returning id`;
    if (paused) await notify({ kind: "campaignPaused", data: { campaignId: paused.id, reason } }, client);
  });
}
