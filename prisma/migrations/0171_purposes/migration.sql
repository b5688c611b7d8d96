-- A letter written by hand says itself what it is for: a letter, or the answer to somebody who wrote to us. Null: as its kind says.
ALTER TABLE contents ADD COLUMN purpose "MailPurpose";
ALTER TABLE contents ADD CONSTRAINT contents_purpose
  CHECK (purpose IS NULL OR (kind = 'personal' AND purpose IN ('letter', 'answer')));

DROP FUNCTION purpose_of("ContentKind");
-- A test goes to a colleague who asked for it; a letter of the application answers what somebody just did.
CREATE FUNCTION purpose_of(kind "ContentKind", told "MailPurpose") RETURNS "MailPurpose" LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(told, CASE kind WHEN 'campaign' THEN 'newsletter' WHEN 'transactional' THEN 'service' ELSE 'letter' END::"MailPurpose")
$$;

-- Somebody who wants none of our newsletters until then. No objection: it ends by itself.
CREATE TABLE newsletter_pauses (
    contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE ON UPDATE CASCADE,
    since TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    until TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT newsletter_pauses_order CHECK (until > since)
);
ALTER TABLE subscription_events DROP CONSTRAINT subscription_events_change;
ALTER TABLE subscription_events ADD CONSTRAINT subscription_events_change
  CHECK (change IN ('subscribed', 'unsubscribed', 'paused', 'resumed'));

-- May we write? One row: why not, or null. `person` and `newsletter` may be null. What a person said is theirs, by whatever
-- address they said it; a dead mailbox is that address's alone, and comes last: without it there is no objection.
-- A table of one row, for PostgreSQL writes only such functions into the statement that calls them: a million people
-- are judged by hash, one delivery by index.
CREATE OR REPLACE FUNCTION opposition(hash BYTEA, person INTEGER, newsletter INTEGER, purpose "MailPurpose")
RETURNS TABLE (reason TEXT) LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
  SELECT CASE WHEN purpose <> 'service' THEN coalesce(
    -- Almost nobody has any: asked first, since what they are is looked up for each.
    CASE WHEN EXISTS (SELECT FROM suppressions x WHERE x.address_hash = hash)
        OR EXISTS (SELECT FROM email_addresses m JOIN suppressions x USING (address_hash) WHERE m.contact_id = person)
      THEN (SELECT CASE
          WHEN bool_or(x.reason = 'complaint') THEN 'complaint'
          WHEN bool_or(x.reason = 'unsubscribe') THEN 'unsubscribed'
          WHEN count(*) > 0 THEN 'suppressed' END
        FROM suppressions x
        WHERE x.address_hash = ANY (ARRAY(SELECT m.address_hash FROM email_addresses m WHERE m.contact_id = person) || hash)
          AND x.lifted_at IS NULL AND (x.topic_id IS NULL OR (purpose = 'newsletter' AND x.topic_id = newsletter))
          AND CASE x.reason
            WHEN 'erasure' THEN true
            WHEN 'complaint' THEN purpose <> 'answer'
            WHEN 'manual' THEN purpose <> 'answer'
            WHEN 'unsubscribe' THEN purpose IN ('newsletter', 'solicitation')
            ELSE false END) END,
    CASE
      WHEN purpose = 'newsletter' AND EXISTS (
        SELECT FROM subscriptions s WHERE s.contact_id = person AND s.topic_id = newsletter
          AND s.unsubscribed_at >= coalesce(s.subscribed_at, s.unsubscribed_at)) THEN 'unsubscribed'
      WHEN purpose <> 'answer' AND EXISTS (
        SELECT FROM contacts c WHERE c.id = person AND c.archived_at IS NOT NULL) THEN 'archived'
      WHEN purpose = 'newsletter' AND EXISTS (
        SELECT FROM topics t WHERE t.id = newsletter AND t.legal_basis = 'consent') AND NOT EXISTS (
        SELECT FROM subscriptions s WHERE s.contact_id = person AND s.topic_id = newsletter AND s.subscribed_at IS NOT NULL)
        THEN 'notSubscribed'
      WHEN purpose IN ('newsletter', 'solicitation') AND EXISTS (
        SELECT FROM newsletter_pauses p WHERE p.contact_id = person AND p.until > now()) THEN 'paused'
      WHEN EXISTS (
        SELECT FROM suppressions x WHERE x.address_hash = hash AND x.reason = 'hard_bounce' AND x.lifted_at IS NULL)
        THEN 'hardBounce' END) END
$$;
