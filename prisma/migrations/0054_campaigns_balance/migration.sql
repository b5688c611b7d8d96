-- How many people the segment held at launch, counted once and apart from what became of them: what the report must add up to.
ALTER TABLE campaigns ADD COLUMN candidates INTEGER, ADD CONSTRAINT campaigns_candidates CHECK (candidates >= 0);
UPDATE campaigns k SET candidates = coalesce((
    SELECT sum(queued + sending + unknown + sent + failed + skipped) FROM campaign_totals t WHERE t.campaign_id = k.id), 0)
  + coalesce((exclusions ->> 'noAddress')::int, 0)
WHERE launched_at IS NOT NULL;

CREATE OR REPLACE FUNCTION campaign_counts(campaign INTEGER) RETURNS JSONB LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'queued', coalesce(sum(queued), 0), 'sending', coalesce(sum(sending), 0), 'unknown', coalesce(sum(unknown), 0),
    'sent', coalesce(sum(sent), 0), 'failed', coalesce(sum(failed), 0), 'skipped', coalesce(sum(skipped), 0),
    'hardBounced', coalesce(sum(hard_bounced), 0), 'softBounced', coalesce(sum(soft_bounced), 0),
    'replied', coalesce(sum(replied), 0), 'unsubscribed', coalesce(sum(unsubscribed), 0),
    'complained', coalesce(sum(complained), 0),
    'candidates', (SELECT candidates FROM campaigns WHERE id = campaign),
    'exclusions', (SELECT exclusions FROM campaigns WHERE id = campaign))
  FROM campaign_totals WHERE campaign_id = campaign
$$;

-- Why a campaign is not over, or null: candidates = accepted + refused + set aside, nothing under way, in the very figures
-- of its report, and as many messages as those figures say. Whoever has no address has no message. Where nobody counted
-- the candidates (a campaign made otherwise than by a launch), they are its messages.
CREATE FUNCTION campaign_imbalance(campaign INTEGER) RETURNS TEXT LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN under_way + open > 0 THEN 'not settled: ' || greatest(under_way, open)
    WHEN messages <> settled THEN messages || ' messages, ' || settled || ' counted'
    WHEN candidates <> settled + nowhere THEN candidates || ' candidates, ' || settled + nowhere || ' accounted for' END
  FROM campaign_counts(campaign) c
  CROSS JOIN LATERAL (SELECT
    (c ->> 'queued')::int + (c ->> 'sending')::int + (c ->> 'unknown')::int AS under_way,
    (c ->> 'sent')::int + (c ->> 'failed')::int + (c ->> 'skipped')::int AS settled,
    (c ->> 'candidates')::int AS candidates,
    coalesce((c -> 'exclusions' ->> 'noAddress')::int, 0) AS nowhere) report
  CROSS JOIN (SELECT count(*)::int AS messages, count(*) FILTER (WHERE status IN ('queued', 'sending', 'unknown'))::int AS open
    FROM deliveries WHERE campaign_id = campaign) queue
$$;

CREATE FUNCTION refuse_imbalance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong TEXT := campaign_imbalance(NEW.id);
BEGIN
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'campaign % does not balance: %', NEW.id, wrong USING ERRCODE = 'check_violation', CONSTRAINT = 'campaigns_balance';
  END IF;
  RETURN NULL;
END $$;
-- After the row is written, so that it is judged as it will stand.
CREATE TRIGGER campaigns_balance AFTER UPDATE OF status ON campaigns FOR EACH ROW
  WHEN (NEW.status = 'sent' AND OLD.status <> 'sent') EXECUTE FUNCTION refuse_imbalance();
