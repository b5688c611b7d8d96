-- Rules that improve read the kept mails again: what would change is written down first, and may be undone.
CREATE TABLE rejudgements (
  id SERIAL PRIMARY KEY,
  status TEXT NOT NULL DEFAULT 'looking' CHECK (status IN ('looking', 'ready', 'applying', 'applied', 'undoing', 'undone')),
  asked_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  asked_by_id INTEGER REFERENCES users (id),
  -- The last mail read, or the last change applied or undone: whoever takes over goes on after it.
  position INTEGER NOT NULL DEFAULT 0,
  mails INTEGER NOT NULL DEFAULT 0
);
-- One at a time; those that are over stay.
CREATE UNIQUE INDEX one_rejudgement ON rejudgements ((true)) WHERE status IN ('looking', 'ready', 'applying', 'undoing');

-- One mail that is judged otherwise: class, proposal, absence and verdicts, without a name or an address.
CREATE TABLE rejudged_mails (
  id SERIAL PRIMARY KEY,
  rejudgement_id INTEGER NOT NULL REFERENCES rejudgements (id) ON DELETE CASCADE,
  received_mail_id INTEGER NOT NULL REFERENCES received_mails (id) ON DELETE CASCADE,
  before JSONB NOT NULL,
  after JSONB NOT NULL,
  outcome TEXT CHECK (outcome IN ('applied', 'stale', 'undone')),
  -- Verdicts taken back and given.
  removed INTEGER[] NOT NULL DEFAULT '{}',
  added INTEGER[] NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX rejudged_mails_once ON rejudged_mails (rejudgement_id, received_mail_id);
CREATE INDEX rejudged_mails_received_mail_id_idx ON rejudged_mails (received_mail_id);
