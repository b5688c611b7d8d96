-- What a person said of a line: this part of it is that pledge. Never deleted: undone, so that who decided what stays.
CREATE TABLE "transfer_matches" (
    "id" SERIAL NOT NULL,
    "line_id" INTEGER NOT NULL,
    "pledge_id" INTEGER NOT NULL,
    "cents" BIGINT NOT NULL,
    "level" TEXT NOT NULL,
    "matched_by" INTEGER,
    "matched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "undone_by" INTEGER,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "transfer_matches_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "transfer_matches_cents_check" CHECK ("cents" > 0),
    CONSTRAINT "transfer_matches_level_check" CHECK ("level" IN ('certain', 'shared', 'likely', 'possible', 'manual'))
);
CREATE UNIQUE INDEX "transfer_matches_live" ON "transfer_matches"("line_id", "pledge_id") WHERE "undone_at" IS NULL;
CREATE INDEX "transfer_matches_line_id_idx" ON "transfer_matches"("line_id");
CREATE INDEX "transfer_matches_pledge_id_idx" ON "transfer_matches"("pledge_id");
ALTER TABLE "transfer_matches" ADD CONSTRAINT "transfer_matches_line_id_fkey" FOREIGN KEY ("line_id") REFERENCES "transfer_lines"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "transfer_matches" ADD CONSTRAINT "transfer_matches_pledge_id_fkey" FOREIGN KEY ("pledge_id") REFERENCES "pledges"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "transfer_matches" ADD CONSTRAINT "transfer_matches_matched_by_fkey" FOREIGN KEY ("matched_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "transfer_matches" ADD CONSTRAINT "transfer_matches_undone_by_fkey" FOREIGN KEY ("undone_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
