-- A verdict acts as far as it is proven; what is not waits for somebody, and what was wrong can be taken back.

-- The name that the mailbox's own server signs its Authentication-Results with (RFC 8601); empty: nobody is trusted.
ALTER TABLE relays ADD COLUMN authserv_id TEXT NOT NULL DEFAULT '';

ALTER TABLE received_mails
  ADD COLUMN proposal TEXT,
  ADD COLUMN proposed_address TEXT NOT NULL DEFAULT '',
  ADD COLUMN back_on DATE,
  ADD COLUMN decision TEXT,
  ADD COLUMN decided_by_id INTEGER,
  ADD CONSTRAINT received_mails_decided_by_id_fkey FOREIGN KEY (decided_by_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT received_mails_proposal CHECK (proposal IN ('bounce', 'complaint', 'leave', 'moved', 'departed', 'challenge')),
  ADD CONSTRAINT received_mails_decision CHECK (decision IN ('accepted', 'dismissed'));
CREATE INDEX received_mails_to_decide ON received_mails (id DESC) WHERE proposal IS NOT NULL AND handled_at IS NULL;

-- refusal: said during SMTP; signed: the report returns our signed reference; authenticated: it comes from whom it says.
ALTER TABLE bounces
  ADD COLUMN recipient TEXT NOT NULL DEFAULT '',
  ADD COLUMN proof TEXT NOT NULL DEFAULT 'none',
  ADD COLUMN overturned_at TIMESTAMPTZ(3),
  ADD COLUMN overturned_by_id INTEGER,
  ADD COLUMN overturned_why TEXT NOT NULL DEFAULT '',
  ADD CONSTRAINT bounces_overturned_by_id_fkey FOREIGN KEY (overturned_by_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT bounces_proof CHECK (proof IN ('refusal', 'signed', 'authenticated', 'staff', 'none'));
UPDATE bounces SET proof = CASE class WHEN 'refusal' THEN 'refusal' ELSE 'signed' END WHERE delivery_id IS NOT NULL;
