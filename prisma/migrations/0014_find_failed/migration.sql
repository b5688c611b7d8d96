-- What failed lately through a relay: put back when the relay, not the recipients, turns out to be what is wrong.
CREATE INDEX deliveries_failed ON deliveries (relay_id, settled_at) WHERE status = 'failed';
