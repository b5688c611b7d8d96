-- What one act changed, person by person: to be read, and undone.
CREATE TABLE change_sets (
  id SERIAL PRIMARY KEY,
  -- sync; import, bulk, merge and correction will come.
  kind TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'applied',
  user_id INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  created INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  -- How many changes touch each field: {"phone": 31}.
  fields JSONB NOT NULL DEFAULT '{}',
  undo_user_id INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  undone_at TIMESTAMPTZ(3),
  -- The last change that an undo has dealt with, and what became of them.
  position INTEGER NOT NULL DEFAULT 0,
  restored INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0,
  put_away INTEGER NOT NULL DEFAULT 0,
  stale INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT change_sets_kind CHECK (kind IN ('sync')),
  CONSTRAINT change_sets_status CHECK (status IN ('applied', 'undoing', 'undone')),
  CONSTRAINT change_sets_undone CHECK ((status = 'undone') = (undone_at IS NOT NULL))
);
CREATE INDEX change_sets_undoing ON change_sets (id) WHERE status = 'undoing';

-- One row a person: of what changed only, as contact_states tells it. Created: before is null, after is empty.
CREATE TABLE changes (
  id SERIAL PRIMARY KEY,
  set_id INTEGER NOT NULL REFERENCES change_sets (id) ON DELETE CASCADE ON UPDATE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE ON UPDATE CASCADE,
  before JSONB,
  after JSONB NOT NULL,
  -- By an undo: restored, put_away (it has mail), stale (changed since: `kept` says which fields).
  outcome TEXT,
  kept TEXT[] NOT NULL DEFAULT '{}',
  CONSTRAINT changes_outcome CHECK (outcome IN ('restored', 'put_away', 'stale'))
);
CREATE UNIQUE INDEX changes_set_id_contact_id_key ON changes (set_id, contact_id);
CREATE INDEX changes_set_id_id_idx ON changes (set_id, id);
CREATE INDEX changes_contact_id_idx ON changes (contact_id);

ALTER TABLE sync_runs ADD COLUMN change_set_id INTEGER REFERENCES change_sets (id) ON DELETE SET NULL ON UPDATE CASCADE;

-- A person as a change-set compares them: fields one by one, what they have several of as a whole, always in one order.
CREATE VIEW contact_states AS
SELECT c.id AS contact_id, jsonb_build_object(
  'kind', c.kind, 'firstName', c.first_name, 'lastName', c.last_name, 'graduationYear', c.graduation_year,
  'phone', c.phone, 'street', c.street, 'postcode', c.postcode, 'city', c.city, 'country', c.country,
  'website', c.website, 'locale', c.locale,
  'addresses', coalesce((SELECT jsonb_agg(jsonb_build_object('address', m.address, 'primary', m.is_primary, 'source', m.source_id, 'typed', m.typed)
      ORDER BY m.is_primary DESC, m.address) FROM email_addresses m WHERE m.contact_id = c.id), '[]'),
  'places', coalesce((SELECT jsonb_agg(jsonb_build_object('organisation', f.organisation_id, 'role', f.role, 'title', f.job_title, 'since', f.started_at, 'until', f.ended_at)
      ORDER BY f.organisation_id, f.role) FROM affiliations f WHERE f.contact_id = c.id), '[]'),
  'newsletters', coalesce((SELECT jsonb_agg(jsonb_build_object('topic', n.topic_id, 'since', n.subscribed_at, 'until', n.unsubscribed_at)
      ORDER BY n.topic_id) FROM subscriptions n WHERE n.contact_id = c.id), '[]')
) AS state
FROM contacts c;
