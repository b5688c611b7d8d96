-- How a row that its source has not given before finds its person. The sources there are go on as they did.
ALTER TABLE "sources"
  ADD COLUMN "identity" TEXT NOT NULL DEFAULT 'address',
  ADD CONSTRAINT "sources_identity_check" CHECK ("identity" IN ('duplicates', 'address', 'id'));
ALTER TABLE "sources" ALTER COLUMN "identity" SET DEFAULT 'duplicates';
