-- How the files of a site that does not write our format are read: its record, and where it has each of our fields.
ALTER TABLE "sources" ADD COLUMN "dialect" JSONB NOT NULL DEFAULT '{}';
