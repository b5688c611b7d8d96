-- The last times somebody spoke to us or chose to read us: never an opening, an import, a machine's answer or a letter of
-- ours, and no click, since nobody consented to being followed. Who never did any of it has no row. Kept by triggers.
CREATE TABLE contact_signs (
    contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE ON UPDATE CASCADE,
    -- The last answer to a letter of ours, and the last mail that answered none.
    answered_at TIMESTAMPTZ(3),
    answer_id INTEGER,
    wrote_at TIMESTAMPTZ(3),
    wrote_id INTEGER,
    -- Of the newsletters they still receive, the last they asked for themselves.
    chose_at TIMESTAMPTZ(3),
    chose_topic_id INTEGER,
    spoke_at TIMESTAMPTZ(3) GENERATED ALWAYS AS (greatest(answered_at, wrote_at)) STORED
);

-- The written rule. Of what was never done, null. `now()` for today; as a function of dates alone it is tested by them.
CREATE FUNCTION interest_level(created TIMESTAMPTZ, spoke TIMESTAMPTZ, chose TIMESTAMPTZ, at TIMESTAMPTZ)
RETURNS TEXT LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN spoke > at - interval '12 months' THEN 'loyal'
    WHEN spoke > at - interval '24 months' OR chose > at - interval '12 months' THEN 'attentive'
    WHEN greatest(spoke, chose) > at - interval '36 months' THEN 'discreet'
    WHEN created > at - interval '6 months' THEN 'new'
    ELSE 'silent' END
$$;

-- Reads all of one person's history anew, which is a few rows by index: a verdict taken back takes back its sign.
CREATE FUNCTION read_signs(person INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Two at once: the second then reads what the first wrote.
  PERFORM pg_advisory_xact_lock(7011, person);
  INSERT INTO contact_signs AS g (contact_id, answered_at, answer_id, wrote_at, wrote_id, chose_at, chose_topic_id)
  SELECT c.id, a.received_at, a.id, w.received_at, w.id, s.at, s.topic_id
  FROM contacts c
  LEFT JOIN LATERAL (SELECT m.id, m.received_at FROM received_mails m
    WHERE m.contact_id = c.id AND m.class = 'reply' AND m.delivery_id IS NOT NULL ORDER BY m.received_at DESC, m.id DESC LIMIT 1) a ON true
  LEFT JOIN LATERAL (SELECT m.id, m.received_at FROM received_mails m
    WHERE m.contact_id = c.id AND m.class = 'reply' AND m.delivery_id IS NULL ORDER BY m.received_at DESC, m.id DESC LIMIT 1) w ON true
  LEFT JOIN LATERAL (SELECT e.at, e.topic_id FROM subscription_events e
    JOIN subscriptions u ON u.contact_id = e.contact_id AND u.topic_id = e.topic_id
    WHERE e.contact_id = c.id AND e.change = 'subscribed' AND e.via IN ('page', 'undo')
      AND (u.unsubscribed_at IS NULL OR u.unsubscribed_at < u.subscribed_at)
    ORDER BY e.at DESC, e.id DESC LIMIT 1) s ON true
  WHERE c.id = person AND (a.id IS NOT NULL OR w.id IS NOT NULL OR s.at IS NOT NULL
    OR EXISTS (SELECT FROM contact_signs x WHERE x.contact_id = person))
  ON CONFLICT (contact_id) DO UPDATE SET answered_at = excluded.answered_at, answer_id = excluded.answer_id,
    wrote_at = excluded.wrote_at, wrote_id = excluded.wrote_id, chose_at = excluded.chose_at, chose_topic_id = excluded.chose_topic_id;
END $$;

CREATE FUNCTION note_signs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.contact_id IS NOT NULL THEN PERFORM read_signs(OLD.contact_id); END IF;
  IF TG_OP <> 'DELETE' AND NEW.contact_id IS NOT NULL
    AND (TG_OP = 'INSERT' OR NEW.contact_id IS DISTINCT FROM OLD.contact_id) THEN PERFORM read_signs(NEW.contact_id); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER received_mails_signs_new AFTER INSERT ON received_mails
  FOR EACH ROW WHEN (NEW.class = 'reply' AND NEW.contact_id IS NOT NULL) EXECUTE FUNCTION note_signs();
-- Judged anew, or found to be somebody else's.
CREATE TRIGGER received_mails_signs_changed AFTER UPDATE OF class, contact_id, delivery_id ON received_mails
  FOR EACH ROW WHEN ((OLD.class = 'reply' OR NEW.class = 'reply')
    AND (OLD.class, OLD.contact_id, OLD.delivery_id) IS DISTINCT FROM (NEW.class, NEW.contact_id, NEW.delivery_id))
  EXECUTE FUNCTION note_signs();
CREATE TRIGGER received_mails_signs_gone AFTER DELETE ON received_mails
  FOR EACH ROW WHEN (OLD.class = 'reply' AND OLD.contact_id IS NOT NULL) EXECUTE FUNCTION note_signs();
-- A file of a hundred thousand chose nothing: it costs them nothing.
CREATE TRIGGER subscription_events_signs AFTER INSERT ON subscription_events
  FOR EACH ROW WHEN (NEW.via <> 'import' AND NEW.contact_id IS NOT NULL AND NEW.change IN ('subscribed', 'unsubscribed'))
  EXECUTE FUNCTION note_signs();

INSERT INTO contact_signs (contact_id) SELECT DISTINCT contact_id FROM received_mails WHERE class = 'reply' AND contact_id IS NOT NULL
UNION SELECT contact_id FROM subscription_events WHERE via IN ('page', 'undo') AND contact_id IS NOT NULL;
SELECT count(read_signs(contact_id)) FROM contact_signs;
