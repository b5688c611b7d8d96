-- The domain of an address, in small letters. A message of unknown outcome is counted under it whether or not the domain
-- has a limit: a limit set before its outcome is known must not have the correction land in another row.
CREATE FUNCTION domain_of(address TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT lower(substr(address, strpos(address, '@') + 1))
$$;

-- Those unknown today were counted under no domain: moved to theirs, where their correction will look.
WITH moved AS (
  SELECT u.relay_id, u.bucket, u.campaign_id, domain_of(d.address) AS domain, count(*)::int AS n
  FROM deliveries d
  JOIN relay_usage u ON u.relay_id = d.relay_id AND u.bucket = date_bin('10 seconds', d.unknown_at, 'epoch') AND u.shard = 0
    AND u.campaign_id = coalesce(d.campaign_id, 0) AND u.domain = '' AND u.outcome = 'unknown'
  WHERE d.status = 'unknown' AND ledger_domain(d.relay_id, d.address) = ''
  GROUP BY 1, 2, 3, 4
)
INSERT INTO relay_usage AS u (relay_id, bucket, shard, campaign_id, domain, outcome, n)
SELECT relay_id, bucket, 0, campaign_id, domain, 'unknown', n FROM moved
UNION ALL
SELECT relay_id, bucket, 0, campaign_id, '', 'unknown', -sum(n) FROM moved GROUP BY 1, 2, 4
ON CONFLICT (relay_id, bucket, shard, campaign_id, domain, outcome, reason) DO UPDATE SET n = u.n + excluded.n;
