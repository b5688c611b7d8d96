-- A clock that ran ahead and was put right leaves dates that nothing reaches for years: turns, leases, pauses, and messages
-- counted in days to come. None of them is ever legitimately as far as this; what people chose is left alone.
create function right_far_dates() returns int language plpgsql as $$
declare
  at timestamptz := clock_timestamp();
  n int := 0;
  m int;
begin
  update deliveries set due_at = at
  where status = 'queued' and due_at > at + interval '2 days' and (campaign_id is not null or reason is not null);
  get diagnostics m = row_count; n := n + m;
  update deliveries set lease_until = at where lease_until > at + interval '1 hour';
  get diagnostics m = row_count; n := n + m;
  update relay_slots set lease_until = at where lease_until > at + interval '1 hour';
  get diagnostics m = row_count; n := n + m;
  update mailboxes set due_at = least(due_at, at), lease_until = least(lease_until, at)
  where due_at > at + interval '2 hours' or lease_until > at + interval '1 hour';
  get diagnostics m = row_count; n := n + m;
  update mailbox_listeners set due_at = least(due_at, at), lease_until = least(lease_until, at)
  where due_at > at + interval '2 hours' or lease_until > at + interval '1 hour';
  get diagnostics m = row_count; n := n + m;
  update sent_folders set due_at = least(due_at, at), lease_until = least(lease_until, at)
  where due_at > at + interval '2 hours' or lease_until > at + interval '1 hour';
  get diagnostics m = row_count; n := n + m;
  update lookups set due_at = at where due_at > at + interval '8 days';
  get diagnostics m = row_count; n := n + m;
  update relays set
    paused_until = case when paused_until > at + interval '8 days' then at else paused_until end,
    spent_until = case when spent_until > at + interval '2 days' then null else spent_until end,
    learned_until = case when learned_until > at + interval '8 days' then at else learned_until end
  where paused_until > at + interval '8 days' or spent_until > at + interval '2 days' or learned_until > at + interval '8 days';
  get diagnostics m = row_count; n := n + m;
  update relay_domains set slow_until = at where slow_until > at + interval '2 days';
  get diagnostics m = row_count; n := n + m;
  update workers set heartbeat_at = at where heartbeat_at > at + interval '1 minute';
  get diagnostics m = row_count; n := n + m;
  -- When they really left nobody knows: they count from now on, so that no quota is exceeded.
  with ahead as (
    delete from relay_usage where bucket > at + interval '1 hour' returning *
  )
  insert into relay_usage (relay_id, bucket, shard, campaign_id, domain, outcome, reason, n)
  select relay_id, date_bin('10 seconds', at, 'epoch'), shard, campaign_id, domain, outcome, reason, sum(ahead.n)
  from ahead group by relay_id, shard, campaign_id, domain, outcome, reason
  on conflict (relay_id, bucket, shard, campaign_id, domain, outcome, reason) do update set n = relay_usage.n + excluded.n;
  get diagnostics m = row_count; n := n + m;
  return n;
end $$;
