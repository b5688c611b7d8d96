-- When a source is read by itself, who looks after it, and whom a failure is told.
ALTER TABLE "sources"
  ADD COLUMN "schedule" TEXT NOT NULL DEFAULT 'never',
  ADD COLUMN "next_at" TIMESTAMPTZ(3),
  ADD COLUMN "owner_id" INTEGER,
  ADD COLUMN "alert_email" TEXT NOT NULL DEFAULT '',
  -- Failures in a row, and when the owner was written to about them: once, until it works again.
  ADD COLUMN "failures" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "alerted_at" TIMESTAMPTZ(3),
  ADD CONSTRAINT "sources_schedule_check" CHECK ("schedule" IN ('never', 'hourly', 'sixHours', 'daily', 'weekly'));
CREATE INDEX "sources_owner_id_idx" ON "sources"("owner_id");
ALTER TABLE "sources" ADD CONSTRAINT "sources_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
