-- Where somebody works and where they worked: a place that is no longer said is past. The present one is the one
-- that began last; one that is said again begins again.
ALTER TABLE "affiliations" ADD COLUMN "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN "ended_at" TIMESTAMPTZ(3);
UPDATE affiliations SET started_at = created_at;
