-- What each source last said of each of its people, one row an identity (source, external id); null: it never said.
-- A feed writes only what differs from here, so a correction made by staff stays. Personal data: gone with the contact.
CREATE TABLE "remembered_rows" (
    "identity_id" INTEGER NOT NULL,
    "kind" "ContactKind",
    "first_name" TEXT,
    "last_name" TEXT,
    "graduation_year" INTEGER,
    "phone" TEXT,
    "street" TEXT,
    "postcode" TEXT,
    "city" TEXT,
    "country" TEXT,
    "website" TEXT,
    "locale" TEXT,
    "addresses" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "organisation_name" TEXT,
    "organisation_siret" TEXT,
    "organisation_id" INTEGER,
    "role" "AffiliationRole",
    "job_title" TEXT,
    "said_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "remembered_rows_pkey" PRIMARY KEY ("identity_id")
);
CREATE INDEX "remembered_rows_organisation_id_idx" ON "remembered_rows"("organisation_id");
ALTER TABLE "remembered_rows" ADD CONSTRAINT "remembered_rows_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "external_identities"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "remembered_rows" ADD CONSTRAINT "remembered_rows_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE SET NULL ON UPDATE CASCADE;
