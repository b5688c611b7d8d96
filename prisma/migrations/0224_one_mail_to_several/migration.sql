-- One mail to several people (decision 59): a delivery each, as ever, which share a content and leave in one message.
CREATE TYPE "RecipientRole" AS ENUM ('to', 'cc', 'bcc');
ALTER TABLE deliveries
  -- How somebody is named in a mail to several; null: it is to them alone.
  ADD COLUMN role "RecipientRole",
  -- The delivery whose Message-ID the last try bore, when it was another's.
  ADD COLUMN sent_as INTEGER REFERENCES deliveries (id) ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX deliveries_sent_as_idx ON deliveries (sent_as) WHERE sent_as IS NOT NULL;
-- Whose a letter is, from its words: few beside those of campaigns, which have an index of their own.
CREATE INDEX deliveries_by_hand ON deliveries (content_id, id) WHERE campaign_id IS NULL;

ALTER TABLE drafts ADD COLUMN together BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE draft_recipients ADD COLUMN role "RecipientRole" NOT NULL DEFAULT 'to';
CREATE UNIQUE INDEX draft_recipients_draft_id_address_key ON draft_recipients (draft_id, address) WHERE address <> '';

-- Whoever gets a copy of an answer did not write to us: theirs is a letter.
CREATE FUNCTION purpose_of(kind "ContentKind", told "MailPurpose", role "RecipientRole") RETURNS "MailPurpose" LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN role IN ('cc', 'bcc') THEN 'letter' ELSE purpose_of(kind, told) END
$$;
