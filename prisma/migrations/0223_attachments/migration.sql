-- Files that go with what is written by hand: kept once, whoever of the draft's people they go to.
CREATE TABLE attachments (
  id SERIAL PRIMARY KEY,
  -- The draft they were joined to, for as long as it is there.
  draft_id INTEGER REFERENCES drafts (id) ON DELETE SET NULL ON UPDATE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size > 0),
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX attachments_draft_id_idx ON attachments (draft_id) WHERE draft_id IS NOT NULL;

-- In pieces, so that neither a worker nor a browser's request holds a whole one.
CREATE TABLE attachment_chunks (
  attachment_id INTEGER NOT NULL REFERENCES attachments (id) ON DELETE CASCADE ON UPDATE CASCADE,
  n INTEGER NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (attachment_id, n)
);
-- They are compressed already, or hardly compressible.
ALTER TABLE attachment_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The letters they leave with.
CREATE TABLE content_attachments (
  content_id INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE ON UPDATE CASCADE,
  attachment_id INTEGER NOT NULL REFERENCES attachments (id) ON DELETE CASCADE ON UPDATE CASCADE,
  PRIMARY KEY (content_id, attachment_id)
);
CREATE INDEX content_attachments_attachment_id_idx ON content_attachments (attachment_id);

-- A file that no draft and no letter holds any more goes at once: purge and erasure need not know of it.
CREATE FUNCTION forget_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'attachments' THEN
    DELETE FROM attachments a WHERE a.id = NEW.id
      AND NOT EXISTS (SELECT FROM content_attachments c WHERE c.attachment_id = a.id);
  ELSE
    DELETE FROM attachments a WHERE a.id = OLD.attachment_id AND a.draft_id IS NULL
      AND NOT EXISTS (SELECT FROM content_attachments c WHERE c.attachment_id = a.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER attachments_loose AFTER UPDATE OF draft_id ON attachments
  FOR EACH ROW WHEN (NEW.draft_id IS NULL AND OLD.draft_id IS NOT NULL) EXECUTE FUNCTION forget_attachment();
CREATE TRIGGER content_attachments_loose AFTER DELETE ON content_attachments
  FOR EACH ROW EXECUTE FUNCTION forget_attachment();

-- A letter whose words are purged or erased loses its files with them.
CREATE FUNCTION forget_attached() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN DELETE FROM content_attachments WHERE content_id = NEW.id; RETURN NULL; END $$;
CREATE TRIGGER contents_attached AFTER UPDATE OF html ON contents
  FOR EACH ROW WHEN (NEW.kind = 'personal' AND NEW.html = '' AND OLD.html <> '') EXECUTE FUNCTION forget_attached();
