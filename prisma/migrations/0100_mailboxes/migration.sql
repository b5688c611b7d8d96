-- The mailbox where a relay's errors and replies arrive: what staff set of it, and where its reader was. A row for each
-- that is read, the sandbox's too; `sent_folder` is where copies of what is sent are filed (empty: found by itself).
CREATE TABLE mailboxes (
  relay_id INTEGER NOT NULL,
  host TEXT NOT NULL DEFAULT '',
  port INTEGER NOT NULL DEFAULT 993,
  security "RelaySecurity" NOT NULL DEFAULT 'tls',
  username TEXT NOT NULL DEFAULT '',
  sealed_password BYTEA,
  folder TEXT NOT NULL DEFAULT 'INBOX',
  sent_folder TEXT NOT NULL DEFAULT '',
  uid_validity BIGINT,
  last_uid INTEGER NOT NULL DEFAULT 0,
  read_at TIMESTAMPTZ(3),
  error TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  due_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  lease_token UUID,
  lease_until TIMESTAMPTZ(3),
  CONSTRAINT mailboxes_pkey PRIMARY KEY (relay_id),
  CONSTRAINT mailboxes_port CHECK (port BETWEEN 1 AND 65535)
);
ALTER TABLE mailboxes ADD CONSTRAINT mailboxes_relay_id_fkey FOREIGN KEY (relay_id) REFERENCES relays (id) ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO mailboxes (relay_id, host, port, security, username, sealed_password, folder, sent_folder, uid_validity,
  last_uid, read_at, error, failures, due_at, lease_token, lease_until)
SELECT id, imap_host, imap_port, imap_security, imap_username, sealed_imap_password, imap_folder, sent_folder,
  imap_uid_validity, imap_last_uid, imap_polled_at, imap_error, imap_failures, imap_due_at, imap_lease_token, imap_lease_until
FROM relays WHERE kind = 'sandbox' OR imap_host <> '';

ALTER TABLE relays DROP CONSTRAINT relays_port;
ALTER TABLE relays
  DROP COLUMN imap_host, DROP COLUMN imap_port, DROP COLUMN imap_security, DROP COLUMN imap_username,
  DROP COLUMN sealed_imap_password, DROP COLUMN imap_folder, DROP COLUMN sent_folder, DROP COLUMN imap_uid_validity,
  DROP COLUMN imap_last_uid, DROP COLUMN imap_polled_at, DROP COLUMN imap_error, DROP COLUMN imap_failures,
  DROP COLUMN imap_due_at, DROP COLUMN imap_lease_token, DROP COLUMN imap_lease_until;
ALTER TABLE relays ADD CONSTRAINT relays_port CHECK (port BETWEEN 1 AND 65535);

-- A secret opens only where it was sealed: those that moved are sealed again at once (lib/machine/migrations/bind-secrets.ts).
UPDATE settings SET secrets_bound_at = NULL;
