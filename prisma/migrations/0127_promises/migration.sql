-- A share promised on the public page: nothing until its address confirms it, then a pledge. Whoever never confirms is
-- forgotten after seven days.
CREATE TABLE "promises" (
    "id" SERIAL NOT NULL,
    "campaign_year" INTEGER NOT NULL,
    "siret" TEXT NOT NULL,
    "company" TEXT NOT NULL,
    -- Hundredths of a percent: 4000 is 40 %.
    "share" INTEGER NOT NULL,
    -- The whole solde as the visitor computed it; null where it could not be.
    "solde_cents" BIGINT,
    "address" TEXT NOT NULL,
    "address_hash" BYTEA NOT NULL,
    "network_hash" BYTEA NOT NULL,
    -- The letter whose personal link was followed.
    "delivery_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(3),
    "pledge_id" INTEGER,
    -- Of the installation that gave the number: after a restore, a link of the life that was lost is nobody's.
    "generation" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "promises_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "promises_campaign_year_check" CHECK ("campaign_year" BETWEEN 2023 AND 2100),
    CONSTRAINT "promises_siret_check" CHECK ("siret" ~ '^\d{14}$'),
    CONSTRAINT "promises_share_check" CHECK ("share" BETWEEN 1 AND 10000),
    CONSTRAINT "promises_solde_cents_check" CHECK ("solde_cents" >= 0)
);
CREATE INDEX "promises_created_at_idx" ON "promises"("created_at");
CREATE INDEX "promises_address_hash_idx" ON "promises"("address_hash");
ALTER TABLE "promises" ADD CONSTRAINT "promises_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "promises" ADD CONSTRAINT "promises_pledge_id_fkey" FOREIGN KEY ("pledge_id") REFERENCES "pledges"("id") ON DELETE SET NULL ON UPDATE CASCADE;
