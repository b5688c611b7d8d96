import "#testing/database";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { rightFarDates } from "#lib/worker/clock";
import { sendingCampaign } from "#testing/deliveries";

after(disconnect);

test("dates of a clock that was years ahead are put right, and what people chose is not", async () => {
  const { campaign, relay } = await sendingCampaign({ port: 1, recipients: 4 });
  const ids = (
    await sql<{ id: number }>`select id from deliveries where campaign_id = ${campaign} order by id`
  ).map(({ id }) => id);
  await sql`update deliveries set due_at = now() + interval '3 years', reason = 'temporary' where id = ${ids[0]}`;
  await sql`update deliveries set due_at = now() + interval '1 day' where id = ${ids[1]}`;
  // A letter that somebody sends next month.
  await sql`update deliveries set due_at = now() + interval '30 days', campaign_id = null where id = ${ids[2]}`;
  await sql`update deliveries set lease_token = gen_random_uuid(), lease_until = now() + interval '3 years' where id = ${ids[3]}`;
  await sql`
    update relays set pause_reason = 'rate-limited', paused_until = now() + interval '3 years',
      spent_until = now() + interval '3 years', spent_window = 'day' where id = ${relay}`;
  await sql`
    insert into relay_usage (relay_id, bucket, shard, campaign_id, domain, outcome, n)
    select ${relay}, date_bin('10 seconds', now() + make_interval(years => 3, secs => 60 * n), 'epoch'), 0, ${campaign}, 'x.example', 'sent', 2
    from generate_series(1, 3) n`;
  await sql`insert into workers (id, hostname, pid, heartbeat_at) values (gen_random_uuid(), 'x', 1, now() + interval '3 years')`;
  assert.equal(await rightFarDates(), 5);
  const due = await sql<{ days: number; leased: boolean }>`
    select round(extract(epoch from due_at - now()) / 86400)::int as days, coalesce(lease_until > now(), false) as leased
    from deliveries where id = any(${ids}) order by id`;
  assert.deepEqual(
    due.map(({ days, leased }) => [days, leased]),
    [
      [0, false],
      [1, false],
      [30, false],
      [0, false],
    ],
  );
  const [usage] = await sql`
    select count(*)::int as rows, sum(n)::int as n from relay_usage
    where relay_id = ${relay} and bucket between now() - interval '1 minute' and now()`;
  assert.deepEqual(usage, { rows: 1, n: 6 }, "counted from now on");
  const [free] = await sql`
    select is_paused(pause_reason, paused_until) as paused, spent_until as spent from relays where id = ${relay}`;
  assert.deepEqual(free, { paused: false, spent: null });
});

test("while the clock goes on as it should nothing is looked at", async () => {
  await sql`update deliveries set due_at = now() + interval '3 years' where campaign_id is not null`;
  assert.equal(await rightFarDates(), 0);
});
