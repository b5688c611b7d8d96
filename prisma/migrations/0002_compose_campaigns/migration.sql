ALTER TABLE "campaigns"
  ADD COLUMN "issue" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "signature" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "exclusions" JSONB NOT NULL DEFAULT '{}';

CREATE TABLE "campaign_images" (
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_images_pkey" PRIMARY KEY ("name")
);
ALTER TABLE campaign_images
  ADD CONSTRAINT campaign_images_name CHECK (name ~ '^[0-9a-f]{32}\.(png|jpg|gif)$'),
  ADD CONSTRAINT campaign_images_size CHECK (octet_length(bytes) <= 2097152);

-- The lists of a campaign's page: who answered, who left. Both hold only what happened.
CREATE INDEX deliveries_replied ON deliveries (campaign_id, id) WHERE replied_at IS NOT NULL;
CREATE INDEX deliveries_unsubscribed ON deliveries (campaign_id, id) WHERE unsubscribed_at IS NOT NULL;
