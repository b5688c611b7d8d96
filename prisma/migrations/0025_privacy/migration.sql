-- How long each kind of data is kept; units and bounds are in lib/privacy/rules.ts, the history in the audit.
CREATE TABLE "retention_rules" (
    "rule" TEXT NOT NULL,
    "amount" INTEGER NOT NULL,
    "user_id" INTEGER,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "retention_rules_pkey" PRIMARY KEY ("rule"),
    CONSTRAINT "retention_rules_amount" CHECK ("amount" > 0)
);
ALTER TABLE "retention_rules" ADD CONSTRAINT "retention_rules_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
INSERT INTO retention_rules (rule, amount) VALUES
  ('contacts', 36), ('notice', 30), ('deliveries', 12), ('returns', 12), ('rawMails', 6), ('sandbox', 30), ('uploads', 7),
  ('importErrors', 90), ('signIns', 180), ('clicks', 13), ('notices', 12), ('audit', 36);

-- Where the purge stands in the tables it walks by id.
CREATE TABLE "purge_cursors" (
    "rule" TEXT NOT NULL,
    "after_id" INTEGER NOT NULL DEFAULT 0,
    "swept_at" TIMESTAMPTZ(3),

    CONSTRAINT "purge_cursors_pkey" PRIMARY KEY ("rule")
);
INSERT INTO purge_cursors (rule) VALUES ('contacts'), ('deliveries');

-- The latest time the purge believed; a leap beyond it waits for somebody's word.
CREATE TABLE "purge_clock" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "held_at" TIMESTAMPTZ(3),

    CONSTRAINT "purge_clock_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "purge_clock_single" CHECK ("id" = 1)
);
INSERT INTO purge_clock (id) VALUES (1);

-- Silent contacts proposed for erasure, approved or kept. At most one of the two.
CREATE TABLE "contact_reviews" (
    "contact_id" INTEGER NOT NULL,
    "last_act_at" TIMESTAMPTZ(3) NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "approved_at" TIMESTAMPTZ(3),
    "kept_at" TIMESTAMPTZ(3),
    -- The worker has begun: it is too late to keep.
    "erasing_at" TIMESTAMPTZ(3),
    "user_id" INTEGER,

    CONSTRAINT "contact_reviews_pkey" PRIMARY KEY ("contact_id"),
    CONSTRAINT "contact_reviews_decided" CHECK ("approved_at" IS NULL OR "kept_at" IS NULL)
);
ALTER TABLE "contact_reviews" ADD CONSTRAINT "contact_reviews_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "contact_reviews" ADD CONSTRAINT "contact_reviews_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX contact_reviews_waiting ON contact_reviews (proposed_at, contact_id) WHERE kept_at IS NULL;

-- Proof for the register: when, by whom, why; of the person nothing but keyed hashes.
CREATE TABLE "erasures" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "why" TEXT NOT NULL,
    "user_id" INTEGER,

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "erasures_why" CHECK ("why" IN ('request', 'useless', 'silence'))
);
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "erasures_at_id_idx" ON "erasures"("at" DESC, "id" DESC);

-- Of an address, or of a name a source knew the person by: what an import is held against.
CREATE TABLE "erasure_hashes" (
    "erasure_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "erasure_hashes_pkey" PRIMARY KEY ("hash", "erasure_id"),
    CONSTRAINT "erasure_hashes_length" CHECK (octet_length("hash") = 32)
);
ALTER TABLE "erasure_hashes" ADD CONSTRAINT "erasure_hashes_erasure_id_fkey" FOREIGN KEY ("erasure_id") REFERENCES "erasures"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- When the address and the variables were taken out; the row goes on counting.
ALTER TABLE deliveries ADD COLUMN erased_at TIMESTAMPTZ(3);
CREATE INDEX deliveries_of_nobody ON deliveries (address_hash) WHERE contact_id IS NULL AND erased_at IS NULL;

-- What is left to blank, so that the purge reads nothing twice.
CREATE INDEX received_mails_raw ON received_mails (received_at) WHERE octet_length(raw) > 0;
CREATE INDEX received_mails_told ON received_mails (received_at) WHERE sender <> '' OR subject <> '';
CREATE INDEX bounces_told ON bounces (at) WHERE diagnostic <> '';

-- History is written once, but for the law: a purge or an erasure says so in its own transaction.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('src.forgetting', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Whether a raw mail names one of these addresses: plain, quoted-printable or base64, folded or not. The needles of
-- base64 are made by lib/privacy/needles.ts.
CREATE FUNCTION mail_names(raw BYTEA, plain TEXT[], encoded TEXT[]) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE AS $$
  SELECT EXISTS (SELECT FROM unnest(plain) AS p (needle) WHERE strpos(lower(flat), needle) > 0)
      OR EXISTS (SELECT FROM unnest(encoded) AS e (needle) WHERE strpos(flat, needle) > 0)
  FROM (SELECT replace(replace(replace(replace(encode(raw, 'escape'), E'\r', ''), E'=\n', ''), E'\n', ''), '=40', '@') AS flat) one
$$;
