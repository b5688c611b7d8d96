-- A run killed with its worker is tried again, but not for ever.
ALTER TABLE sync_runs
  ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN archived INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN notes INTEGER NOT NULL DEFAULT 0;

-- A note is about one field that was left out; the rest of its row was imported.
ALTER TABLE sync_run_errors ADD COLUMN rejected BOOLEAN NOT NULL DEFAULT true;

ALTER TABLE sources ADD COLUMN updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT now();

CREATE INDEX sync_runs_open ON sync_runs (id) WHERE status IN ('queued', 'running');

-- The remaining sorts of the contact list, with and without a kind. Most recent year first, unknown years last.
CREATE INDEX contacts_by_recent_year ON contacts ((-coalesce(graduation_year, 0)), sort_name, id) WHERE archived_at IS NULL;
CREATE INDEX contacts_by_kind_year ON contacts (kind, (-coalesce(graduation_year, 0)), sort_name, id) WHERE archived_at IS NULL;
CREATE INDEX contacts_by_kind_creation ON contacts (kind, created_at DESC, id DESC) WHERE archived_at IS NULL;
CREATE INDEX organisations_by_siren ON organisations (siren) WHERE siren IS NOT NULL;
