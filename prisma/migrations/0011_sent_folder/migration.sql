-- Where the account files a copy of what it sends; empty: found by itself.
ALTER TABLE relays ADD COLUMN sent_folder TEXT NOT NULL DEFAULT '';

-- The reader of that folder: where it was, who reads it now, and whether copies are filed there at all.
CREATE TABLE sent_folders (
    relay_id INTEGER NOT NULL,
    path TEXT,
    uid_validity BIGINT,
    last_uid BIGINT NOT NULL DEFAULT 0,
    files_copies BOOLEAN,
    copy_seen_at TIMESTAMPTZ(3),
    read_at TIMESTAMPTZ(3),
    error TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    due_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    lease_token UUID,
    lease_until TIMESTAMPTZ(3),

    CONSTRAINT sent_folders_pkey PRIMARY KEY (relay_id)
);
ALTER TABLE sent_folders ADD CONSTRAINT sent_folders_relay_id_fkey FOREIGN KEY (relay_id) REFERENCES relays (id) ON DELETE CASCADE ON UPDATE CASCADE;

-- What was looked for and not found about a delivery still unknown; gone once it is settled.
CREATE TABLE lookups (
    delivery_id INTEGER NOT NULL,
    looks INTEGER NOT NULL,
    looked_at TIMESTAMPTZ(3) NOT NULL,
    due_at TIMESTAMPTZ(3) NOT NULL,
    verdict TEXT NOT NULL,
    earlier_id INTEGER,
    later_id INTEGER,

    CONSTRAINT lookups_pkey PRIMARY KEY (delivery_id),
    CONSTRAINT lookups_verdict CHECK (verdict IN ('tooEarly', 'noControl', 'noCopies'))
);
ALTER TABLE lookups ADD CONSTRAINT lookups_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES deliveries (id) ON DELETE CASCADE ON UPDATE CASCADE;

-- The few unknown deliveries, by the account they left through.
CREATE INDEX deliveries_unknown_by_relay ON deliveries (relay_id, unknown_at) WHERE status = 'unknown';
