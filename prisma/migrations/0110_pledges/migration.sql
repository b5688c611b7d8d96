-- What companies give of their apprenticeship tax, year by year: what we know of their payroll, whom we never ask, what
-- they promised and what became of it. Cents everywhere; shares in hundredths of a percent (4000 is 40 %).

-- The base of a company in a campaign. Never updated: what is learnt later is another row.
CREATE TABLE "company_bases" (
    "id" SERIAL NOT NULL,
    "organisation_id" INTEGER NOT NULL,
    "campaign_year" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "low_cents" BIGINT NOT NULL,
    "high_cents" BIGINT NOT NULL,
    "headcount" INTEGER,
    "sector" TEXT,
    "source" TEXT NOT NULL DEFAULT '',
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "recorded_by" INTEGER,
    "superseded_at" TIMESTAMPTZ(3),

    CONSTRAINT "company_bases_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "company_bases_year_check" CHECK ("campaign_year" BETWEEN 2023 AND 2100),
    CONSTRAINT "company_bases_kind_check" CHECK ("kind" IN ('declared', 'deduced', 'estimated')),
    -- Only an estimate is a range, and says what it rests on.
    CONSTRAINT "company_bases_range_check" CHECK ("low_cents" >= 0 AND CASE "kind" WHEN 'estimated'
      THEN "low_cents" <= "high_cents" AND "headcount" IS NOT NULL ELSE "low_cents" = "high_cents" END)
);
CREATE UNIQUE INDEX "company_bases_in_force" ON "company_bases"("organisation_id", "campaign_year") WHERE "superseded_at" IS NULL;
CREATE INDEX "company_bases_organisation_id_campaign_year_idx" ON "company_bases"("organisation_id", "campaign_year");

-- Whom we never ask, and why. Alsace-Moselle needs no row: it has no solde, see unsolicited_because.
CREATE TABLE "do_not_solicit" (
    "organisation_id" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "recorded_by" INTEGER,

    CONSTRAINT "do_not_solicit_pkey" PRIMARY KEY ("organisation_id"),
    -- undisclosed: partial dissemination in Sirene, whose data may not serve to solicit (Code de commerce, A123-96).
    CONSTRAINT "do_not_solicit_reason_check" CHECK ("reason" IN ('undisclosed', 'asked', 'notLiable', 'other'))
);

CREATE TABLE "pledges" (
    "id" SERIAL NOT NULL,
    "campaign_year" INTEGER NOT NULL,
    "organisation_id" INTEGER NOT NULL,
    -- siren: the establishment decides for its whole company, whose money comes under several SIRET.
    "covers" TEXT NOT NULL DEFAULT 'siret',
    -- The course or component it is for; empty: the department. Two pledges of one SIRET differ by it.
    "target" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT 'to_solicit',
    -- Where it goes back to when the matches that made it received are undone.
    "state_before" TEXT,
    "state_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "share" INTEGER,
    "expected_low_cents" BIGINT,
    "expected_high_cents" BIGINT,
    "received_cents" BIGINT NOT NULL DEFAULT 0,
    -- Who told us, and how.
    "contact_id" INTEGER,
    "channel" TEXT NOT NULL DEFAULT '',
    "source_campaign_id" INTEGER,
    -- Promised in public by somebody we do not know there.
    "unverified" BOOLEAN NOT NULL DEFAULT false,
    "allocated_on" DATE,
    "why" TEXT NOT NULL DEFAULT '',
    "owner_id" INTEGER,
    "next_step" TEXT NOT NULL DEFAULT '',
    "next_on" DATE,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pledges_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "pledges_year_check" CHECK ("campaign_year" BETWEEN 2023 AND 2100),
    CONSTRAINT "pledges_covers_check" CHECK ("covers" IN ('siret', 'siren')),
    CONSTRAINT "pledges_channel_check" CHECK ("channel" IN ('', 'letter', 'mail', 'call', 'meeting', 'form', 'link', 'spontaneous')),
    CONSTRAINT "pledges_share_check" CHECK ("share" BETWEEN 1 AND 10000),
    CONSTRAINT "pledges_expected_check" CHECK ("expected_low_cents" >= 0 AND "expected_low_cents" <= "expected_high_cents"),
    CONSTRAINT "pledges_expected_both_check" CHECK (("expected_low_cents" IS NULL) = ("expected_high_cents" IS NULL)),
    CONSTRAINT "pledges_state_check" CHECK ("state" IN ('to_solicit', 'solicited', 'pledged', 'allocated', 'received',
      'thanked', 'refused', 'lapsed', 'unallocated')),
    CONSTRAINT "pledges_state_before_check" CHECK ("state_before" IN ('to_solicit', 'solicited', 'pledged', 'allocated',
      'refused', 'lapsed', 'unallocated')),
    -- Received is what matched transfers say, and nothing else.
    CONSTRAINT "pledges_received_check" CHECK ("received_cents" >= 0
      AND ("received_cents" > 0) = ("state" IN ('received', 'thanked'))
      AND ("state_before" IS NOT NULL) = ("state" IN ('received', 'thanked'))),
    CONSTRAINT "pledges_pledged_check" CHECK ("state" NOT IN ('pledged', 'allocated') OR "share" IS NOT NULL
      OR "expected_low_cents" IS NOT NULL),
    CONSTRAINT "pledges_why_check" CHECK ("state" <> 'refused' OR "why" <> '')
);
CREATE UNIQUE INDEX "pledges_campaign_year_organisation_id_target_key" ON "pledges"("campaign_year", "organisation_id", "target");
-- The columns of the board, and their totals without the rows.
CREATE INDEX "pledges_column_idx" ON "pledges"("campaign_year", "state", "state_since" DESC, "id" DESC);
CREATE INDEX "pledges_totals" ON "pledges"("campaign_year", "state") INCLUDE ("expected_low_cents", "expected_high_cents", "received_cents");
CREATE INDEX "pledges_next_idx" ON "pledges"("campaign_year", "next_on", "id");
CREATE INDEX "pledges_organisation_id_idx" ON "pledges"("organisation_id");
CREATE INDEX "pledges_contact_id_idx" ON "pledges"("contact_id");

-- Every state a pledge was in: append-only.
CREATE TABLE "pledge_events" (
    "id" SERIAL NOT NULL,
    "pledge_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "from_state" TEXT,
    "to_state" TEXT NOT NULL,
    "user_id" INTEGER,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "pledge_events_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "pledge_events_pledge_id_id_idx" ON "pledge_events"("pledge_id", "id");

-- A date of the calendar has come for a pledge: once each, ticked when somebody did it.
CREATE TABLE "pledge_reminders" (
    "pledge_id" INTEGER NOT NULL,
    "rule" TEXT NOT NULL,
    "due_on" DATE NOT NULL,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "pledge_reminders_pkey" PRIMARY KEY ("pledge_id", "rule")
);
CREATE INDEX "pledge_reminders_waiting" ON "pledge_reminders"("pledge_id") WHERE "done_at" IS NULL;

-- A company that paid us instead of SOLTéA: to be returned, in no total, never a receipt (Code du travail, L6241-2; SOLTéA).
CREATE TABLE "direct_payments" (
    "id" SERIAL NOT NULL,
    "organisation_id" INTEGER NOT NULL,
    "campaign_year" INTEGER NOT NULL,
    "cents" BIGINT NOT NULL,
    "means" TEXT NOT NULL,
    "came_on" DATE NOT NULL,
    "returned_on" DATE,
    "recorded_by" INTEGER,

    CONSTRAINT "direct_payments_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "direct_payments_year_check" CHECK ("campaign_year" BETWEEN 2023 AND 2100),
    CONSTRAINT "direct_payments_cents_check" CHECK ("cents" > 0),
    CONSTRAINT "direct_payments_means_check" CHECK ("means" IN ('cheque', 'transfer', 'other')),
    CONSTRAINT "direct_payments_returned_check" CHECK ("returned_on" >= "came_on")
);
CREATE INDEX "direct_payments_organisation_id_idx" ON "direct_payments"("organisation_id");

ALTER TABLE "company_bases" ADD CONSTRAINT "company_bases_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "company_bases" ADD CONSTRAINT "company_bases_recorded_by_fkey" FOREIGN KEY ("recorded_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "do_not_solicit" ADD CONSTRAINT "do_not_solicit_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "do_not_solicit" ADD CONSTRAINT "do_not_solicit_recorded_by_fkey" FOREIGN KEY ("recorded_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "pledges" ADD CONSTRAINT "pledges_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "pledges" ADD CONSTRAINT "pledges_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contacts"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "pledges" ADD CONSTRAINT "pledges_source_campaign_id_fkey" FOREIGN KEY ("source_campaign_id") REFERENCES "campaigns"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "pledges" ADD CONSTRAINT "pledges_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "pledge_events" ADD CONSTRAINT "pledge_events_pledge_id_fkey" FOREIGN KEY ("pledge_id") REFERENCES "pledges"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "pledge_events" ADD CONSTRAINT "pledge_events_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "pledge_reminders" ADD CONSTRAINT "pledge_reminders_pledge_id_fkey" FOREIGN KEY ("pledge_id") REFERENCES "pledges"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "direct_payments" ADD CONSTRAINT "direct_payments_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "direct_payments" ADD CONSTRAINT "direct_payments_recorded_by_fkey" FOREIGN KEY ("recorded_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Why an organisation must not be solicited, or null. In Alsace-Moselle there is no solde to give (L6241-1-1).
CREATE FUNCTION unsolicited_because(o organisations) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN o.country = 'FR' AND o.postcode ~ '^(57|67|68)\d{3}$' THEN 'alsaceMoselle'
    ELSE (SELECT d.reason FROM do_not_solicit d WHERE d.organisation_id = o.id) END
$$;
