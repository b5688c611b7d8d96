-- What SOLTéA pays us: a transfer covers many employers, its label bears our own SIRET, the campaign and its number. The
-- bank tells its total, SOLTéA's list its lines. Cents everywhere.

-- A file as it came: read into `cells` until somebody says what its columns are, then only what was made of it.
CREATE TABLE "transfer_files" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "cells" JSONB,
    "added" INTEGER NOT NULL DEFAULT 0,
    "known" INTEGER NOT NULL DEFAULT 0,
    "faulty" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" INTEGER,
    "stored_at" TIMESTAMPTZ(3),
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "transfer_files_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "transfer_files_kind_check" CHECK ("kind" IN ('list', 'statement')),
    CONSTRAINT "transfer_files_cells_check" CHECK (("cells" IS NULL) = ("stored_at" IS NOT NULL)),
    CONSTRAINT "transfer_files_undone_check" CHECK ("undone_at" IS NULL OR "stored_at" IS NOT NULL)
);
-- The same file twice is one import, unless the first was undone.
CREATE UNIQUE INDEX "transfer_files_once" ON "transfer_files"("kind", "sha256") WHERE "stored_at" IS NOT NULL AND "undone_at" IS NULL;

CREATE TABLE "column_mappings" (
    "fingerprint" TEXT NOT NULL,
    "columns" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "column_mappings_pkey" PRIMARY KEY ("fingerprint")
);

CREATE TABLE "transfers" (
    "id" SERIAL NOT NULL,
    "campaign_year" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    -- What the bank says; null until it does.
    "bank_cents" BIGINT,
    "value_date" DATE,
    "label" TEXT NOT NULL DEFAULT '',
    -- Ours, as the label bears it.
    "siret" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "transfers_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "transfers_campaign_year_check" CHECK ("campaign_year" BETWEEN 2023 AND 2100),
    CONSTRAINT "transfers_number_check" CHECK ("number" BETWEEN 1 AND 99),
    CONSTRAINT "transfers_bank_cents_check" CHECK ("bank_cents" > 0)
);
CREATE UNIQUE INDEX "transfers_campaign_year_number_key" ON "transfers"("campaign_year", "number");

CREATE TABLE "transfer_lines" (
    "id" SERIAL NOT NULL,
    "transfer_id" INTEGER NOT NULL,
    "file_id" INTEGER NOT NULL,
    "row" INTEGER NOT NULL,
    -- Empty: a reliquat, which nobody in particular gave.
    "siret" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "place" TEXT NOT NULL DEFAULT '',
    "formation" TEXT NOT NULL DEFAULT '',
    "cents" BIGINT NOT NULL,
    "fingerprint" TEXT NOT NULL,

    CONSTRAINT "transfer_lines_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "transfer_lines_siret_check" CHECK ("siret" ~ '^(\d{14})?$'),
    CONSTRAINT "transfer_lines_cents_check" CHECK ("cents" > 0)
);
-- Read from another file, the same part of the same transfer is not added again.
CREATE UNIQUE INDEX "transfer_lines_transfer_id_fingerprint_key" ON "transfer_lines"("transfer_id", "fingerprint");
CREATE INDEX "transfer_lines_siret_idx" ON "transfer_lines"("siret");
CREATE INDEX "transfer_lines_file_id_idx" ON "transfer_lines"("file_id");

ALTER TABLE "transfer_files" ADD CONSTRAINT "transfer_files_created_by_fkey" FOREIGN KEY ("created_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "transfer_lines" ADD CONSTRAINT "transfer_lines_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfers"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "transfer_lines" ADD CONSTRAINT "transfer_lines_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "transfer_files"("id") ON DELETE CASCADE ON UPDATE CASCADE;
