-- What a run would do waits for somebody's decision; nothing of it is written until then.
ALTER TYPE "SyncRunStatus" ADD VALUE 'held';
ALTER TYPE "SyncRunStatus" ADD VALUE 'decided';
ALTER TYPE "SyncRunStatus" ADD VALUE 'superseded';

ALTER TABLE sync_runs DROP CONSTRAINT sync_runs_finished;
ALTER TABLE sync_runs ADD CONSTRAINT sync_runs_finished CHECK ((status NOT IN ('queued', 'running')) = (finished_at IS NOT NULL));
ALTER TABLE sync_runs DROP CONSTRAINT sync_runs_origin;
ALTER TABLE sync_runs ADD CONSTRAINT sync_runs_origin CHECK (origin IN ('pull', 'upload', 'command', 'decision', 'replay'));

ALTER TABLE sync_runs
  -- What it proposes; why it was held: [{"guard": "created", "count": 300, "limit": 200}].
  ADD COLUMN proposal_id INTEGER REFERENCES change_sets (id) ON DELETE SET NULL ON UPDATE CASCADE,
  ADD COLUMN held_for JSONB NOT NULL DEFAULT '[]',
  -- Whose kept file it reads: of the run that proposed, for a decision; of one that is replayed.
  ADD COLUMN reads_id INTEGER REFERENCES sync_runs (id) ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX sync_runs_proposal_id_idx ON sync_runs (proposal_id);
CREATE INDEX sync_runs_reads_id_idx ON sync_runs (reads_id);

ALTER TABLE change_sets
  ADD COLUMN questions INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE change_sets DROP CONSTRAINT change_sets_status;
ALTER TABLE change_sets ADD CONSTRAINT change_sets_status
  CHECK (status IN ('applied', 'undoing', 'undone', 'waiting', 'decided', 'superseded'));

-- A proposed person is nobody yet; `key` is what the proposer calls them.
ALTER TABLE changes ALTER COLUMN contact_id DROP NOT NULL;
ALTER TABLE changes
  ADD COLUMN key TEXT,
  ADD COLUMN sort TEXT NOT NULL DEFAULT 'updated',
  -- One of their addresses was under an opposition as this was proposed.
  ADD COLUMN opposed BOOLEAN NOT NULL DEFAULT false;
UPDATE changes SET sort = 'created' WHERE before IS NULL;
ALTER TABLE changes ADD CONSTRAINT changes_sort CHECK (sort IN ('created', 'updated', 'archived', 'question'));
ALTER TABLE changes DROP CONSTRAINT changes_outcome;
ALTER TABLE changes ADD CONSTRAINT changes_outcome CHECK (outcome IN ('restored', 'put_away', 'stale', 'applied', 'refused', 'left'));
-- A question about a person is apart from what goes without saying.
DROP INDEX changes_set_id_contact_id_key;
CREATE UNIQUE INDEX changes_set_id_contact_id_sort_key ON changes (set_id, contact_id, sort);
CREATE INDEX changes_set_id_sort_id_idx ON changes (set_id, sort, id);

-- What somebody decided of a proposal: of all of it, a sort, a field or one person; the most precise counts.
CREATE TABLE change_decisions (
  id SERIAL PRIMARY KEY,
  set_id INTEGER NOT NULL REFERENCES change_sets (id) ON DELETE CASCADE ON UPDATE CASCADE,
  sort TEXT,
  field TEXT,
  change_id INTEGER REFERENCES changes (id) ON DELETE CASCADE ON UPDATE CASCADE,
  accepted BOOLEAN NOT NULL,
  user_id INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX change_decisions_what ON change_decisions (set_id, sort, field, change_id) NULLS NOT DISTINCT;
CREATE INDEX change_decisions_change_id_idx ON change_decisions (change_id);

ALTER TABLE sources
  -- auto: below its guards a run writes by itself; ask: each run waits.
  ADD COLUMN applies TEXT NOT NULL DEFAULT 'auto',
  -- Whom the site no longer gives: keep, or propose (to be put away).
  ADD COLUMN absent TEXT NOT NULL DEFAULT 'keep',
  -- Who has the last word where both sides changed a field: {"phone": "remote"}; * is all others, ask when none is said.
  ADD COLUMN ownership JSONB NOT NULL DEFAULT '{}',
  -- Percentages above which a run waits, and people created.
  ADD COLUMN hold_updated INTEGER NOT NULL DEFAULT 20,
  ADD COLUMN hold_emptied INTEGER NOT NULL DEFAULT 5,
  ADD COLUMN hold_rejected INTEGER NOT NULL DEFAULT 5,
  ADD COLUMN hold_fewer INTEGER NOT NULL DEFAULT 10,
  ADD COLUMN hold_created INTEGER NOT NULL DEFAULT 200,
  ADD CONSTRAINT sources_applies CHECK (applies IN ('auto', 'ask')),
  ADD CONSTRAINT sources_absent CHECK (absent IN ('keep', 'propose'));
-- Until today the site had the last word.
UPDATE sources SET ownership = '{"*": "remote"}';

-- Whom staff do not want from a source: not proposed again. A keyed hash of source and external id: nobody is named.
CREATE TABLE refused_identities (
  source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE ON UPDATE CASCADE,
  hash BYTEA NOT NULL,
  user_id INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (source_id, hash)
);

-- Staff keep somebody whom the site no longer gives, until it gives them again.
ALTER TABLE external_identities ADD COLUMN absence_kept BOOLEAN NOT NULL DEFAULT false;

-- Whether somebody is put away can be proposed, and undone, like a field.
CREATE OR REPLACE VIEW contact_states AS
SELECT c.id AS contact_id, jsonb_build_object(
  'kind', c.kind, 'firstName', c.first_name, 'lastName', c.last_name, 'graduationYear', c.graduation_year,
  'phone', c.phone, 'street', c.street, 'postcode', c.postcode, 'city', c.city, 'country', c.country,
  'website', c.website, 'locale', c.locale, 'archivedAt', c.archived_at,
  'addresses', coalesce((SELECT jsonb_agg(jsonb_build_object('address', m.address, 'primary', m.is_primary, 'source', m.source_id, 'typed', m.typed)
      ORDER BY m.is_primary DESC, m.address) FROM email_addresses m WHERE m.contact_id = c.id), '[]'),
  'places', coalesce((SELECT jsonb_agg(jsonb_build_object('organisation', f.organisation_id, 'role', f.role, 'title', f.job_title, 'since', f.started_at, 'until', f.ended_at)
      ORDER BY f.organisation_id, f.role) FROM affiliations f WHERE f.contact_id = c.id), '[]'),
  'newsletters', coalesce((SELECT jsonb_agg(jsonb_build_object('topic', n.topic_id, 'since', n.subscribed_at, 'until', n.unsubscribed_at)
      ORDER BY n.topic_id) FROM subscriptions n WHERE n.contact_id = c.id), '[]')
) AS state
FROM contacts c;
