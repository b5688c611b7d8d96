-- From where a partner's signed requests may come, beside their signature: addresses and networks; none: from anywhere.
ALTER TABLE "sources" ADD COLUMN "networks" TEXT[] NOT NULL DEFAULT '{}';
