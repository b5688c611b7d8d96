-- What this installation gives a partner in its turn: who is in a segment, and which of their fields.
ALTER TABLE "sources"
  ADD COLUMN "gives" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "gives_segment_id" INTEGER,
  ADD COLUMN "gives_fields" TEXT[] NOT NULL DEFAULT '{}';
CREATE INDEX "sources_gives_segment_id_idx" ON "sources"("gives_segment_id");
ALTER TABLE "sources" ADD CONSTRAINT "sources_gives_segment_id_fkey" FOREIGN KEY ("gives_segment_id") REFERENCES "segments"("id") ON DELETE SET NULL ON UPDATE CASCADE;
