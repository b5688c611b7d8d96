-- A large run writes in committed slices: how far its set is, and what its source had last said of whom it wrote,
-- so that a run that is stopped leaves no memory of what it took back.
ALTER TABLE "change_sets"
  ADD COLUMN "planned" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "written" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "remembered_before" (
  "run_id" INTEGER NOT NULL,
  "identity_id" INTEGER NOT NULL,
  "row_hash" BYTEA,
  "memory" JSONB,
  "fresh" BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT "remembered_before_pkey" PRIMARY KEY ("run_id", "identity_id")
);
CREATE INDEX "remembered_before_identity_id_idx" ON "remembered_before"("identity_id");
ALTER TABLE "remembered_before" ADD CONSTRAINT "remembered_before_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "sync_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "remembered_before" ADD CONSTRAINT "remembered_before_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "external_identities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written, or carried out, in slices, and not to its end yet.
ALTER TABLE "change_sets" DROP CONSTRAINT "change_sets_status";
ALTER TABLE "change_sets" ADD CONSTRAINT "change_sets_status" 
  CHECK (status IN ('applying', 'applied', 'undoing', 'undone', 'waiting', 'decided', 'superseded'));
