-- Of an opposition written here by hand or from a list: where it comes from, in a colleague's words, and whose.
ALTER TABLE suppressions
  ADD COLUMN note TEXT NOT NULL DEFAULT '',
  ADD COLUMN user_id INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX suppressions_standing ON suppressions (id DESC) WHERE lifted_at IS NULL;
