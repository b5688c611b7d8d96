-- A site may be asked with signed questions, and answers signed; its secret is replaced without a moment of silence.
ALTER TABLE "sources"
  ADD COLUMN "access" TEXT NOT NULL DEFAULT 'bearer',
  ADD COLUMN "login" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "mapping" JSONB NOT NULL DEFAULT '{}',
  ADD CONSTRAINT "sources_access_check" CHECK ("access" IN ('bearer', 'basic', 'signed'));

-- The newest is tried first; the first answer signed with it makes the older ones go.
CREATE TABLE "source_secrets" (
    "id" SERIAL NOT NULL,
    "source_id" INTEGER NOT NULL,
    "sealed_secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "source_secrets_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "source_secrets_source_id_idx" ON "source_secrets"("source_id");
ALTER TABLE "source_secrets" ADD CONSTRAINT "source_secrets_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the site said its table was, before it was read: told again, it answers « unchanged ».
ALTER TABLE "sync_runs" ADD COLUMN "site_state" TEXT;
