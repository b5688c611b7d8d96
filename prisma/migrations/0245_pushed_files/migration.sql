-- A site may send its people itself: each request is used once, and a repeated one finds the run it began.
CREATE TABLE "push_nonces" (
    "source_id" INTEGER NOT NULL,
    "nonce" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "push_nonces_pkey" PRIMARY KEY ("source_id", "nonce")
);
ALTER TABLE "push_nonces" ADD CONSTRAINT "push_nonces_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "sync_runs" ADD COLUMN "idempotency_key" TEXT, ADD COLUMN "body_sha256" TEXT;
CREATE UNIQUE INDEX "sync_runs_source_id_idempotency_key_key" ON "sync_runs"("source_id", "idempotency_key");

ALTER TABLE "sync_runs" DROP CONSTRAINT "sync_runs_origin",
  ADD CONSTRAINT "sync_runs_origin" CHECK ("origin" IN ('pull', 'push', 'upload', 'command', 'decision', 'replay'));
