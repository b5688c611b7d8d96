-- What a mail is for, in the eyes of the law: decision 28 says who may object to what.
CREATE TYPE "MailPurpose" AS ENUM ('newsletter', 'solicitation', 'letter', 'answer', 'service');

-- A test goes to a colleague who asked for it; a letter of the application answers what somebody just did.
CREATE FUNCTION purpose_of(kind "ContentKind") RETURNS "MailPurpose" LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE kind WHEN 'campaign' THEN 'newsletter' WHEN 'transactional' THEN 'service' ELSE 'letter' END::"MailPurpose"
$$;

-- May we write? One row: why not, or null. `person` and `newsletter` may be null. What a person said is theirs, by whatever
-- address they said it; a dead mailbox is that address's alone, and comes last: without it there is no objection.
-- A table of one row, for PostgreSQL writes only such functions into the statement that calls them: a million people
-- are judged by hash, one delivery by index.
CREATE FUNCTION opposition(hash BYTEA, person INTEGER, newsletter INTEGER, purpose "MailPurpose")
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
      WHEN EXISTS (
        SELECT FROM suppressions x WHERE x.address_hash = hash AND x.reason = 'hard_bounce' AND x.lifted_at IS NULL)
        THEN 'hardBounce' END) END
$$;

-- Where an address stands is what the screens show; whether it is written to is a suppression. The two have been written
-- together since there are suppressions: what stands alone, from before or by hand, gets its other half.
INSERT INTO suppressions (address_hash, reason, created_at)
SELECT address_hash, CASE standing WHEN 'hard' THEN 'hard_bounce' ELSE 'complaint' END::"SuppressionReason", coalesce(standing_at, now())
FROM email_addresses WHERE standing IN ('hard', 'complaint')
ON CONFLICT DO NOTHING;
