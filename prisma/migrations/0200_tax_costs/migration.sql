-- What a campaign of the tax costs, who opened its doors, and what its thanks say.

-- Time and money spent on a campaign; on one of its letters where it is named.
CREATE TABLE "tax_costs" (
    "id" SERIAL NOT NULL,
    "campaign_year" INTEGER NOT NULL,
    "campaign_id" INTEGER,
    "what" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL DEFAULT 0,
    "cents" BIGINT NOT NULL DEFAULT 0,
    "spent_on" DATE,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "recorded_by" INTEGER,

    CONSTRAINT "tax_costs_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "tax_costs_year_check" CHECK ("campaign_year" BETWEEN 2023 AND 2100),
    CONSTRAINT "tax_costs_what_check" CHECK ("what" <> ''),
    CONSTRAINT "tax_costs_spent_check" CHECK ("minutes" >= 0 AND "cents" >= 0 AND ("minutes" > 0 OR "cents" > 0))
);
CREATE INDEX "tax_costs_campaign_year_idx" ON "tax_costs"("campaign_year");
ALTER TABLE "tax_costs" ADD CONSTRAINT "tax_costs_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "tax_costs" ADD CONSTRAINT "tax_costs_recorded_by_fkey" FOREIGN KEY ("recorded_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- An hour of work in cents, and the note of thanks, of a campaign.
ALTER TABLE "tax_years" ADD COLUMN "hourly_cents" BIGINT, ADD COLUMN "thanks" TEXT NOT NULL DEFAULT '';
ALTER TABLE "tax_years" ADD CONSTRAINT "tax_years_hourly_check" CHECK ("hourly_cents" >= 0);

-- The former student who opened the door of the company; what the company says its declaration was corrected by.
ALTER TABLE "pledges" ADD COLUMN "opened_by" INTEGER, ADD COLUMN "correction_cents" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "pledges_opened_by_idx" ON "pledges"("opened_by");
ALTER TABLE "pledges" ADD CONSTRAINT "pledges_opened_by_fkey" FOREIGN KEY ("opened_by") REFERENCES "contacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- The statement that told what the bank paid; null when somebody typed it.
ALTER TABLE "transfers" ADD COLUMN "bank_file_id" INTEGER;
CREATE INDEX "transfers_bank_file_id_idx" ON "transfers"("bank_file_id");
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_bank_file_id_fkey" FOREIGN KEY ("bank_file_id") REFERENCES "transfer_files"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Bands of the CSA are a list: « 1=0.4/0.6 2=0.2 », under 1 % of work-study 0.4 %, 0.6 % for the largest.
ALTER TABLE "tax_rates" DROP CONSTRAINT "tax_rates_value_check";
ALTER TABLE "tax_rates" ADD CONSTRAINT "tax_rates_value_check" CHECK (CASE "key"
  WHEN 'csa' THEN "value" ~ '^\d{1,3}(\.\d{1,4})?=\d(\.\d{1,6})?(/\d(\.\d{1,6})?)?( \d{1,3}(\.\d{1,4})?=\d(\.\d{1,6})?(/\d(\.\d{1,6})?)?){0,7}$'
  ELSE "value" ~ '^\d{1,7}(\.\d{1,6})?$' END);
