import { sql } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { type Health, judgeHealth, type Measures, silenceSeconds } from "./rules.ts";

const patience = 3000;

/** The state of the installation; never throws: a database that does not answer is an answer. */
export async function getHealth(): Promise<Health> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, patience, null);
  });
  const measures = await Promise.race([measure().catch(unreachable), tooLate]);
  clearTimeout(timer);
  return judgeHealth(measures, Math.round(performance.now() - startedAt));
}

function unreachable(error: unknown): null {
  log.warn({ code: (error as { code?: string }).code }, "health: database unreachable");
  return null;
}

/** Reads the totals and the first row of each queue, never the queue. */
async function measure(): Promise<Measures | null> {
  const [row] = await sql<Measures>`
    with due as (
      select first.due_at from campaigns
      join contents on contents.campaign_id = campaigns.id
      cross join lateral (
        select due_at from deliveries
        where content_id = contents.id and status = 'queued' order by due_at, id limit 1
      ) first
      where campaigns.status = 'sending'
      union all
      (select due_at from deliveries where status = 'queued' and campaign_id is null order by due_at, id limit 1)
    )
    select
      (select count(*)::int from workers
       where stopped_at is null and heartbeat_at > now() - make_interval(secs => ${silenceSeconds})) as workers,
      (select extract(epoch from now() - max(heartbeat_at))::int from workers where stopped_at is null) as "heartbeatAge",
      (select coalesce(sum(queued), 0)::int from campaign_totals
       join campaigns on campaigns.id = campaign_id where status = 'sending')
      + (select count(*)::int from (select 1 from deliveries
         where status = 'queued' and campaign_id is null limit 10000) letters) as waiting,
      (select greatest(0, coalesce(extract(epoch from now() - min(due_at)), 0))::int from due) as "oldestDue",
      (select held_at is not null from installation) as held`;
  return row ?? null;
}
