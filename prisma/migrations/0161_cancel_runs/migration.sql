-- Somebody asked that a run stop: its worker lets go of it within a second or two, and nothing of it is written.
ALTER TABLE sync_runs ADD COLUMN cancelled_at TIMESTAMPTZ(3);
