-- A message comes back once accepted: a report about one that was refused, or of unknown outcome, is not counted twice.
CREATE OR REPLACE FUNCTION count_new_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO campaign_totals AS t (campaign_id, shard, queued, sending, unknown, sent, failed, skipped, hard_bounced, soft_bounced, replied, unsubscribed, complained)
  SELECT campaign_id, pg_backend_pid() % 8, queued, sending, unknown, sent, failed, skipped, hard_bounced, soft_bounced, replied, unsubscribed, complained FROM (
    SELECT campaign_id,
           sum(n * ((status = 'queued'))::int) AS queued,
           sum(n * ((status = 'sending'))::int) AS sending,
           sum(n * ((status = 'unknown'))::int) AS unknown,
           sum(n * ((status = 'sent'))::int) AS sent,
           sum(n * ((status = 'failed'))::int) AS failed,
           sum(n * ((status = 'skipped'))::int) AS skipped,
           sum(n * ((status = 'sent' AND bounce IS NOT DISTINCT FROM 'hard'))::int) AS hard_bounced,
           sum(n * ((status = 'sent' AND bounce IN ('soft', 'unknown')) IS TRUE)::int) AS soft_bounced,
           sum(n * ((replied_at IS NOT NULL))::int) AS replied,
           sum(n * ((unsubscribed_at IS NOT NULL))::int) AS unsubscribed,
           sum(n * ((complained_at IS NOT NULL))::int) AS complained
    FROM (SELECT 1 AS n, * FROM new_rows) changed
    WHERE campaign_id IS NOT NULL
    GROUP BY campaign_id
  ) delta
  WHERE queued <> 0 OR sending <> 0 OR unknown <> 0 OR sent <> 0 OR failed <> 0 OR skipped <> 0 OR hard_bounced <> 0 OR soft_bounced <> 0 OR replied <> 0 OR unsubscribed <> 0 OR complained <> 0
  ORDER BY campaign_id
  ON CONFLICT (campaign_id, shard) DO UPDATE SET
    queued = t.queued + excluded.queued,
    sending = t.sending + excluded.sending,
    unknown = t.unknown + excluded.unknown,
    sent = t.sent + excluded.sent,
    failed = t.failed + excluded.failed,
    skipped = t.skipped + excluded.skipped,
    hard_bounced = t.hard_bounced + excluded.hard_bounced,
    soft_bounced = t.soft_bounced + excluded.soft_bounced,
    replied = t.replied + excluded.replied,
    unsubscribed = t.unsubscribed + excluded.unsubscribed,
    complained = t.complained + excluded.complained;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION count_changed_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO campaign_totals AS t (campaign_id, shard, queued, sending, unknown, sent, failed, skipped, hard_bounced, soft_bounced, replied, unsubscribed, complained)
  SELECT campaign_id, pg_backend_pid() % 8, queued, sending, unknown, sent, failed, skipped, hard_bounced, soft_bounced, replied, unsubscribed, complained FROM (
    SELECT campaign_id,
           sum(n * ((status = 'queued'))::int) AS queued,
           sum(n * ((status = 'sending'))::int) AS sending,
           sum(n * ((status = 'unknown'))::int) AS unknown,
           sum(n * ((status = 'sent'))::int) AS sent,
           sum(n * ((status = 'failed'))::int) AS failed,
           sum(n * ((status = 'skipped'))::int) AS skipped,
           sum(n * ((status = 'sent' AND bounce IS NOT DISTINCT FROM 'hard'))::int) AS hard_bounced,
           sum(n * ((status = 'sent' AND bounce IN ('soft', 'unknown')) IS TRUE)::int) AS soft_bounced,
           sum(n * ((replied_at IS NOT NULL))::int) AS replied,
           sum(n * ((unsubscribed_at IS NOT NULL))::int) AS unsubscribed,
           sum(n * ((complained_at IS NOT NULL))::int) AS complained
    FROM (SELECT 1 AS n, * FROM new_rows
      UNION ALL SELECT -1 AS n, * FROM old_rows) changed
    WHERE campaign_id IS NOT NULL
    GROUP BY campaign_id
  ) delta
  WHERE queued <> 0 OR sending <> 0 OR unknown <> 0 OR sent <> 0 OR failed <> 0 OR skipped <> 0 OR hard_bounced <> 0 OR soft_bounced <> 0 OR replied <> 0 OR unsubscribed <> 0 OR complained <> 0
  ORDER BY campaign_id
  ON CONFLICT (campaign_id, shard) DO UPDATE SET
    queued = t.queued + excluded.queued,
    sending = t.sending + excluded.sending,
    unknown = t.unknown + excluded.unknown,
    sent = t.sent + excluded.sent,
    failed = t.failed + excluded.failed,
    skipped = t.skipped + excluded.skipped,
    hard_bounced = t.hard_bounced + excluded.hard_bounced,
    soft_bounced = t.soft_bounced + excluded.soft_bounced,
    replied = t.replied + excluded.replied,
    unsubscribed = t.unsubscribed + excluded.unsubscribed,
    complained = t.complained + excluded.complained;
  RETURN NULL;
END $$;

INSERT INTO campaign_totals AS t (campaign_id, shard, hard_bounced, soft_bounced)
SELECT campaign_id, 0, -count(*) FILTER (WHERE bounce = 'hard'), -count(*) FILTER (WHERE bounce IN ('soft', 'unknown'))
FROM deliveries WHERE bounced_at IS NOT NULL AND status <> 'sent' AND campaign_id IS NOT NULL GROUP BY campaign_id
ON CONFLICT (campaign_id, shard) DO UPDATE SET
  hard_bounced = t.hard_bounced + excluded.hard_bounced, soft_bounced = t.soft_bounced + excluded.soft_bounced;

-- Everything a report is made of, read in one place: lib/campaigns/funnel.ts says what each figure is.
CREATE FUNCTION campaign_counts(campaign INTEGER) RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'queued', coalesce(sum(queued), 0), 'sending', coalesce(sum(sending), 0), 'unknown', coalesce(sum(unknown), 0),
    'sent', coalesce(sum(sent), 0), 'failed', coalesce(sum(failed), 0), 'skipped', coalesce(sum(skipped), 0),
    'hardBounced', coalesce(sum(hard_bounced), 0), 'softBounced', coalesce(sum(soft_bounced), 0),
    'replied', coalesce(sum(replied), 0), 'unsubscribed', coalesce(sum(unsubscribed), 0),
    'complained', coalesce(sum(complained), 0),
    'exclusions', (SELECT exclusions FROM campaigns WHERE id = campaign))
  FROM campaign_totals WHERE campaign_id = campaign
$$;
