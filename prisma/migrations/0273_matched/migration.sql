-- What a run says while it lasts: whom of its file it recognised, and how many people it looks at to write; null until it knows.
ALTER TABLE "sync_runs"
  ADD COLUMN "matched" INTEGER,
  ADD COLUMN "to_write" INTEGER;
