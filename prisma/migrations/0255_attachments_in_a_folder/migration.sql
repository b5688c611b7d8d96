-- Attachments may be kept in a folder of the machine; what is joined already stays where it is.
ALTER TABLE settings ADD COLUMN attachments_folder TEXT;
ALTER TABLE attachments
  -- SHA-256 of the file, which is its name there.
  ADD COLUMN digest BYTEA CHECK (octet_length(digest) = 32),
  -- Of the machine, or relative to .data; null: in pieces, in the database.
  ADD COLUMN folder TEXT,
  ADD CONSTRAINT attachments_placed CHECK ((folder IS NULL) = (digest IS NULL));
CREATE INDEX attachments_digest_idx ON attachments (digest) WHERE digest IS NOT NULL;

-- Files that may be nobody's: the worker removes those that no attachment names any more.
CREATE TABLE loose_files (
  id SERIAL PRIMARY KEY,
  folder TEXT NOT NULL,
  digest BYTEA NOT NULL,
  -- Not rounded: what is due now is due now.
  due_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE FUNCTION loosen_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO loose_files (folder, digest) VALUES (OLD.folder, OLD.digest); RETURN NULL; END $$;
CREATE TRIGGER attachments_file AFTER DELETE ON attachments
  FOR EACH ROW WHEN (OLD.folder IS NOT NULL) EXECUTE FUNCTION loosen_file();
