-- What is inserted here is added to the ledger, in the ten seconds of its instant; negative, it is taken back. The one
-- sentence that counts: whoever counts several gives them in the order of the primary key, since others do the same.
CREATE VIEW usage_entries AS SELECT relay_id, bucket AS at, shard, campaign_id, domain, outcome, reason, n FROM relay_usage;

CREATE FUNCTION count_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO relay_usage AS u (relay_id, bucket, shard, campaign_id, domain, outcome, reason, n)
  VALUES (NEW.relay_id, date_bin('10 seconds', NEW.at, 'epoch'), coalesce(NEW.shard, 0), coalesce(NEW.campaign_id, 0),
    coalesce(NEW.domain, ''), NEW.outcome, coalesce(NEW.reason, ''), NEW.n)
  ON CONFLICT ON CONSTRAINT relay_usage_pkey DO UPDATE SET n = u.n + excluded.n;
  RETURN NEW;
END $$;
CREATE TRIGGER usage_entries_count INSTEAD OF INSERT ON usage_entries FOR EACH ROW EXECUTE FUNCTION count_usage();
