-- What DNS published for a domain that letters are written in (SPF, DMARC), as of the last look; see lib/dkim/domain.ts.
CREATE TABLE "domain_records" (
  "domain" TEXT NOT NULL,
  "found" JSONB NOT NULL,
  "checked_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "domain_records_pkey" PRIMARY KEY ("domain")
);
