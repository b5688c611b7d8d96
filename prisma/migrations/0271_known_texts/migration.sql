-- The hash of a row's very text: what a site says again to the letter needs no parsing.
ALTER TABLE "external_identities" ADD COLUMN "text_hash" BYTEA;
