-- Reading a mailbox is leased to one worker at a time, and waits longer after each failure.
ALTER TABLE relays
  ADD COLUMN imap_lease_token UUID,
  ADD COLUMN imap_lease_until TIMESTAMPTZ(3),
  ADD COLUMN imap_due_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  ADD COLUMN imap_failures INTEGER NOT NULL DEFAULT 0;

-- How an unknown delivery is looked up in the sandbox's Sent folder.
ALTER TABLE sandbox_messages ADD COLUMN message_id TEXT NOT NULL DEFAULT '';
CREATE INDEX sandbox_messages_by_message_id ON sandbox_messages (message_id) WHERE folder = 'sent';

-- A reader's undo lifts the reader's own suppression only: a dead address that also unsubscribed keeps both reasons.
DROP INDEX suppressions_active;
CREATE UNIQUE INDEX suppressions_active ON suppressions (address_hash, topic_id, reason) NULLS NOT DISTINCT WHERE lifted_at IS NULL;

-- A mail asking to unsubscribe (RFC 2369) is an answer to a link, not a complaint.
ALTER TABLE received_mails DROP CONSTRAINT received_mails_class,
  ADD CONSTRAINT received_mails_class CHECK (class IN ('bounce', 'complaint', 'auto-reply', 'reply', 'report', 'other', 'unsubscribe'));
CREATE INDEX received_mails_by_time ON received_mails (received_at DESC, id DESC);
