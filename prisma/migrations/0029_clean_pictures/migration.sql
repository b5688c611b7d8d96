-- Pictures kept before they were cleaned have no date here: nobody is shown them as they came.
ALTER TABLE campaign_images ADD COLUMN cleaned_at TIMESTAMPTZ(3), ADD COLUMN withheld_at TIMESTAMPTZ(3);
ALTER TABLE campaign_images
  DROP CONSTRAINT campaign_images_size,
  ADD CONSTRAINT campaign_images_size CHECK (octet_length(bytes) <= 26214400);
CREATE INDEX campaign_images_uncleaned ON campaign_images (name) WHERE cleaned_at IS NULL AND withheld_at IS NULL;
ALTER TABLE settings ADD COLUMN logo_cleaned_at TIMESTAMPTZ(3);

-- Files that letters link to: a programme, a form.
CREATE TABLE campaign_files (
  name TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes BYTEA NOT NULL,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT campaign_files_name CHECK (name ~ '^[0-9a-f]{32}\.[a-z]{3,4}$'),
  CONSTRAINT campaign_files_size CHECK (octet_length(bytes) <= 26214400)
);
