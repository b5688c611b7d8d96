-- Copies of letters written by hand that we put into the Sent folder ourselves, where the relay files none. Written before
-- the APPEND: such a copy proves nothing of any unknown delivery (decision 9), whether we know that it arrived or not.
CREATE TABLE filed_copies (
  delivery_id INTEGER PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE ON UPDATE CASCADE,
  -- Where it was tried, and the first number it could get there: a try whose end nobody saw is looked for from there on.
  path TEXT NOT NULL,
  uid_validity BIGINT NOT NULL,
  uid_next BIGINT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  due_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  filed_at TIMESTAMPTZ(3)
);
CREATE INDEX deliveries_by_hand_settled ON deliveries (relay_id, settled_at) WHERE campaign_id IS NULL AND settled_at IS NOT NULL;
