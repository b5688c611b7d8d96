-- A scheduled campaign whose hour passed too long ago (machine off, backup restored) waits for a person: since when.
ALTER TABLE "campaigns" ADD COLUMN "missed_at" TIMESTAMPTZ(3);
ALTER TABLE campaigns ADD CONSTRAINT campaigns_missed CHECK (missed_at IS NULL OR status = 'scheduled');
