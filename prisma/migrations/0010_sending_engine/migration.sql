-- The ledger says what became of each message, for which campaign and, where a limit asks for it, at which domain.
-- One table answers the quotas, the rates on screen, the forecasts and the circuit breaker.
CREATE TABLE relay_usage_by_outcome (
    relay_id INTEGER NOT NULL,
    bucket TIMESTAMPTZ(0) NOT NULL,
    shard INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL DEFAULT 0,
    domain TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    n INTEGER NOT NULL,

    CONSTRAINT relay_usage_outcome CHECK (outcome IN ('sent', 'unknown', 'refused', 'byHand'))
);
INSERT INTO relay_usage_by_outcome (relay_id, bucket, shard, outcome, n)
SELECT relay_id, bucket, shard, 'sent', sent FROM relay_usage;
DROP TABLE relay_usage;
ALTER TABLE relay_usage_by_outcome RENAME TO relay_usage;
ALTER TABLE relay_usage
  ADD CONSTRAINT relay_usage_pkey PRIMARY KEY (relay_id, bucket, shard, campaign_id, domain, outcome, reason),
  ADD CONSTRAINT relay_usage_relay_id_fkey FOREIGN KEY (relay_id) REFERENCES relays (id) ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX relay_usage_campaign_id_bucket_idx ON relay_usage (campaign_id, bucket);

-- What replies taught about a relay, and how carefully it is used meanwhile.
ALTER TABLE relays
  ADD COLUMN probing BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN strikes INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN struck_at TIMESTAMPTZ(3),
  ADD COLUMN spent_until TIMESTAMPTZ(3),
  ADD COLUMN spent_window TEXT,
  ADD COLUMN learned_connections INTEGER,
  ADD COLUMN learned_per_minute INTEGER,
  ADD COLUMN learned_per_day INTEGER,
  ADD COLUMN learned_until TIMESTAMPTZ(3),
  ADD COLUMN warm_up_from INTEGER,
  ADD COLUMN warm_up_days INTEGER,
  ADD COLUMN warm_up_since TIMESTAMPTZ(3),
  ADD CONSTRAINT relays_spent CHECK (spent_window IN ('minute', 'hour', 'day')),
  ADD CONSTRAINT relays_learned CHECK (learned_connections > 0 AND learned_per_minute > 0 AND learned_per_day > 0),
  ADD CONSTRAINT relays_warm_up CHECK (
    num_nulls(warm_up_from, warm_up_days, warm_up_since) IN (0, 3)
    AND warm_up_from > 0 AND warm_up_days BETWEEN 1 AND 365);

-- Limits towards one domain of recipients: set by staff, or learned from its replies until `slow_until`.
CREATE TABLE relay_domains (
    relay_id INTEGER NOT NULL,
    domain TEXT NOT NULL,
    per_minute INTEGER,
    per_hour INTEGER,
    per_day INTEGER,
    learned_per_minute INTEGER,
    slow_until TIMESTAMPTZ(3),
    strikes INTEGER NOT NULL DEFAULT 0,
    next_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT relay_domains_pkey PRIMARY KEY (relay_id, domain),
    CONSTRAINT relay_domains_domain CHECK (domain = lower(domain) AND domain <> ''),
    CONSTRAINT relay_domains_limits CHECK (per_minute > 0 AND per_hour > 0 AND per_day > 0 AND learned_per_minute > 0)
);
ALTER TABLE relay_domains ADD CONSTRAINT relay_domains_relay_id_fkey FOREIGN KEY (relay_id) REFERENCES relays (id) ON DELETE CASCADE ON UPDATE CASCADE;

-- An identity's own relay comes first; these take over, in order, when it may not send.
CREATE TABLE identity_fallbacks (
    identity_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    relay_id INTEGER NOT NULL,

    CONSTRAINT identity_fallbacks_pkey PRIMARY KEY (identity_id, position),
    CONSTRAINT identity_fallbacks_position CHECK (position > 0)
);
CREATE UNIQUE INDEX identity_fallbacks_identity_id_relay_id_key ON identity_fallbacks (identity_id, relay_id);
CREATE INDEX identity_fallbacks_relay_id_idx ON identity_fallbacks (relay_id);
ALTER TABLE identity_fallbacks
  ADD CONSTRAINT identity_fallbacks_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT identity_fallbacks_relay_id_fkey FOREIGN KEY (relay_id) REFERENCES relays (id) ON DELETE CASCADE ON UPDATE CASCADE;

CREATE VIEW routes AS
SELECT id AS identity_id, relay_id, 0 AS position FROM identities
UNION ALL
SELECT identity_id, relay_id, position FROM identity_fallbacks;

-- Which relay may carry which identity's mail now. A relay that staff paused keeps its mail: only a relay that cannot
-- send (paused by the engine, archived, or out of its hour or day) hands over to the next.
CREATE VIEW open_routes AS
SELECT x.identity_id, x.relay_id, x.position
FROM routes x JOIN relays r ON r.id = x.relay_id
WHERE r.archived_at IS NULL AND (r.paused_until IS NULL OR r.paused_until <= clock_timestamp())
  AND NOT EXISTS (
    SELECT 1 FROM routes y JOIN relays p ON p.id = y.relay_id
    WHERE y.identity_id = x.identity_id AND y.position < x.position AND p.archived_at IS NULL
      AND NOT COALESCE(p.paused_until > clock_timestamp() AND p.pause_reason <> 'staff', false)
      AND NOT COALESCE(p.spent_until > clock_timestamp() AND p.spent_window IN ('hour', 'day'), false));

-- When the message in flight was announced, and when it was given up as unknown (kept until the next announcement).
ALTER TABLE deliveries
  ADD COLUMN announced_at TIMESTAMPTZ(3),
  ADD COLUMN unknown_at TIMESTAMPTZ(3);
UPDATE deliveries SET unknown_at = now() WHERE status = 'unknown';
ALTER TABLE deliveries ADD CONSTRAINT deliveries_unknown_at CHECK (status <> 'unknown' OR unknown_at IS NOT NULL);

-- The domain a message to this address is counted under: '' unless the relay has a limit for it.
CREATE FUNCTION ledger_domain(relay INTEGER, address TEXT) RETURNS TEXT LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT domain FROM relay_domains
    WHERE relay_id = relay AND domain = lower(substr(address, strpos(address, '@') + 1))), '')
$$;
