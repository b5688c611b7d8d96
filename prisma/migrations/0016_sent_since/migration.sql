-- Since when this account and folder are read: of messages announced before, absence there tells nothing.
ALTER TABLE sent_folders ADD COLUMN reading_since TIMESTAMPTZ(3) NOT NULL DEFAULT now();
-- The copy was there while the delivery was still being sent: whoever deletes it since, it was taken.
ALTER TABLE deliveries ADD COLUMN seen_in_sent_at TIMESTAMPTZ(3);

ALTER TABLE lookups DROP CONSTRAINT lookups_verdict;
ALTER TABLE lookups ADD CONSTRAINT lookups_verdict CHECK (verdict IN ('tooEarly', 'noControl', 'noCopies', 'newFolder'));
