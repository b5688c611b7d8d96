/** A person in a hurry at the screens: resumes what the engine paused, and does not wait for retries. */
import { setTimeout as sleep } from "node:timers/promises";
import { finishCampaigns, resumeCampaign } from "#lib/letters/campaigns/mutations";
import { sweepLost } from "#lib/letters/deliveries/claim";
import { settleUnknown } from "#lib/letters/deliveries/unknown";
import { resumeRelay } from "#lib/letters/relays/mutations";
import { sql } from "#lib/machine/db";

const EVERY = 150;

/** Works until stopped; the database may come and go meanwhile. */
export function startClerk(): { stop(): Promise<void> } {
  let working = true;
  const loop = (async () => {
    while (working) {
      await hurry().catch(() => {});
      await sleep(EVERY);
    }
  })();
  return {
    stop: () => {
      working = false;
      return loop;
    },
  };
}

async function hurry() {
  // What the engine paused and learned by itself; a pause by people is left to them.
  const relays = await sql<{ id: number }>`
    select id from relays where is_paused(pause_reason, paused_until) and pause_reason <> 'staff'`;
  for (const { id } of relays) await resumeRelay(id, null);
  await sql`
    update relays set learned_connections = null, learned_per_minute = null, learned_per_day = null, learned_until = null,
      spent_until = null where learned_until is not null`;
  await sql`update relay_domains set learned_per_minute = null, slow_until = null where slow_until is not null`;
  const campaigns = await sql<{ id: number }>`
    select id from campaigns where status = 'paused' and pause_reason is not null`;
  for (const { id } of campaigns) await resumeCampaign(id, null);
  // Turns handed out within a limit are part of what is tested.
  await sql`
    update deliveries set due_at = clock_timestamp()
    where id in (
      select id from deliveries where status = 'queued' and due_at > clock_timestamp() and lease_until is null
        and (reason is distinct from 'domainLimit' or not exists (select 1 from relay_domains where per_hour is not null))
      for update skip locked)`;
  // The tasks of every worker, which would be along within seconds.
  await sweepLost();
  await finishCampaigns();
}

/** Settles what is unknown by what the server says it took. Returns how many were settled. */
export async function settleByHand(took: (address: string) => boolean): Promise<number> {
  const rows = await sql<{ id: number; campaign: number; address: string }>`
    select id, campaign_id as campaign, address from deliveries where status = 'unknown' order by id`;
  for (const { id, campaign, address } of rows)
    await settleUnknown(campaign, took(address) ? "sent" : "requeue", null, id);
  return rows.length;
}
