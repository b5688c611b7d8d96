-- What the department does with the tax it receives, in its own words: shown to companies who compute theirs.
ALTER TABLE "tax_years" ADD COLUMN "uses" TEXT NOT NULL DEFAULT '';
