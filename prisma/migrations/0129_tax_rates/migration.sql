-- Figures of the law recorded since the application was built, laid over those it ships with. Never updated: a correction
-- is a later row of the same key and month.
CREATE TABLE "tax_rates" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    -- The month of pay from which it holds: 2027-01.
    "from_month" TEXT NOT NULL,
    -- Null: the law has no such figure any more.
    "value" TEXT,
    "source" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "recorded_by" INTEGER,

    CONSTRAINT "tax_rates_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "tax_rates_from_month_check" CHECK ("from_month" ~ '^20\d\d-(0[1-9]|1[0-2])$'),
    CONSTRAINT "tax_rates_value_check" CHECK ("value" ~ '^\d{1,7}(\.\d{1,6})?$'),
    CONSTRAINT "tax_rates_source_check" CHECK ("source" <> '')
);

-- Years of pay whose rates somebody has verified: without it a year is refused, never guessed.
CREATE TABLE "tax_verified_years" (
    "id" SERIAL NOT NULL,
    "pay_year" INTEGER NOT NULL,
    "verified" BOOLEAN NOT NULL,
    "source" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "recorded_by" INTEGER,

    CONSTRAINT "tax_verified_years_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "tax_verified_years_pay_year_check" CHECK ("pay_year" BETWEEN 2020 AND 2100),
    CONSTRAINT "tax_verified_years_source_check" CHECK ("source" <> '')
);
ALTER TABLE "tax_rates" ADD CONSTRAINT "tax_rates_recorded_by_fkey" FOREIGN KEY ("recorded_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "tax_verified_years" ADD CONSTRAINT "tax_verified_years_recorded_by_fkey" FOREIGN KEY ("recorded_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
