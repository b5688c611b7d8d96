-- A campaign of the apprenticeship tax (SOLTéA): the year after the year of pay. Our own establishment as it stands then,
-- and its calendar. A milestone that moves is a new row; the former stays, superseded. Of the IBAN only the end is kept.
CREATE TABLE "tax_years" (
    "campaign_year" INTEGER NOT NULL,
    "uai" TEXT NOT NULL DEFAULT '',
    "iban_end" TEXT NOT NULL DEFAULT '',
    "accredited_until" DATE,
    "goal_cents" BIGINT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tax_years_pkey" PRIMARY KEY ("campaign_year"),
    CONSTRAINT "tax_years_campaign_year_check" CHECK ("campaign_year" BETWEEN 2023 AND 2100),
    CONSTRAINT "tax_years_goal_cents_check" CHECK ("goal_cents" >= 0)
);

CREATE TABLE "tax_milestones" (
    "id" SERIAL NOT NULL,
    "campaign_year" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "day" DATE,
    "source" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "recorded_by" INTEGER,
    "superseded_at" TIMESTAMPTZ(3),

    CONSTRAINT "tax_milestones_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "tax_milestones_kind_check" CHECK ("kind" IN ('accreditationCloses', 'contribution', 'period1Opens',
      'period1Closes', 'transfer1', 'period2Opens', 'period2Closes', 'transfer2', 'reliquat'))
);
CREATE INDEX "tax_milestones_campaign_year_idx" ON "tax_milestones"("campaign_year");
CREATE UNIQUE INDEX "tax_milestones_in_force" ON "tax_milestones"("campaign_year", "kind") WHERE "superseded_at" IS NULL;
ALTER TABLE "tax_milestones" ADD CONSTRAINT "tax_milestones_campaign_year_fkey" FOREIGN KEY ("campaign_year") REFERENCES "tax_years"("campaign_year") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "tax_milestones" ADD CONSTRAINT "tax_milestones_recorded_by_fkey" FOREIGN KEY ("recorded_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What is known of past campaigns; that of 2024 moved twice and its end was not found.
INSERT INTO "tax_years" ("campaign_year") VALUES (2023), (2024), (2025), (2026);
INSERT INTO "tax_milestones" ("campaign_year", "kind", "day", "source") VALUES
  (2023, 'period1Opens', '2023-05-25', 'Caisse des Dépôts, 11 octobre 2023'),
  (2023, 'period1Closes', '2023-07-06', 'Caisse des Dépôts, 11 octobre 2023'),
  (2023, 'transfer1', '2023-08-24', 'Caisse des Dépôts, 11 octobre 2023'),
  (2023, 'period2Opens', '2023-08-24', 'Caisse des Dépôts, 11 octobre 2023'),
  (2023, 'period2Closes', '2023-11-09', 'Caisse des Dépôts, 11 octobre 2023'),
  (2023, 'transfer2', '2023-12-02', 'Caisse des Dépôts, 11 octobre 2023'),
  (2024, 'period1Opens', '2024-05-27', 'Code du travail numérique'),
  (2024, 'period1Closes', '2024-08-23', 'Code du travail numérique'),
  (2024, 'transfer1', '2024-08-30', 'Code du travail numérique'),
  (2024, 'period2Opens', '2024-09-02', 'Code du travail numérique'),
  (2024, 'period2Closes', '2024-10-25', 'Code du travail numérique'),
  (2025, 'period1Opens', '2025-05-26', 'Calendrier SOLTéA 2025'),
  (2025, 'period1Closes', '2025-06-27', 'Calendrier SOLTéA 2025'),
  (2025, 'transfer1', '2025-07-11', 'Calendrier SOLTéA 2025'),
  (2025, 'period2Opens', '2025-07-14', 'Calendrier SOLTéA 2025'),
  (2025, 'period2Closes', '2025-10-24', 'Calendrier SOLTéA 2025'),
  (2025, 'transfer2', '2025-11-07', 'Calendrier SOLTéA 2025'),
  (2025, 'reliquat', '2025-11-27', 'Calendrier SOLTéA 2025'),
  (2026, 'accreditationCloses', '2026-01-16', 'Centre Inffo, campagne d’habilitation 2026');
