-- Signs cost what one person did, however many do it at once. An answer that comes is compared with the last one known;
-- only what is taken back reads that person's history, and a newsletter reads no mail. No lock by the person: a list of a
-- hundred thousand filled the server's table of locks.
CREATE FUNCTION note_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.delivery_id IS NULL THEN
    INSERT INTO contact_signs AS g (contact_id, wrote_at, wrote_id) VALUES (NEW.contact_id, NEW.received_at, NEW.id)
    ON CONFLICT (contact_id) DO UPDATE SET wrote_at = excluded.wrote_at, wrote_id = excluded.wrote_id
    WHERE g.wrote_at IS NULL OR (excluded.wrote_at, excluded.wrote_id) > (g.wrote_at, g.wrote_id);
  ELSE
    INSERT INTO contact_signs AS g (contact_id, answered_at, answer_id) VALUES (NEW.contact_id, NEW.received_at, NEW.id)
    ON CONFLICT (contact_id) DO UPDATE SET answered_at = excluded.answered_at, answer_id = excluded.answer_id
    WHERE g.answered_at IS NULL OR (excluded.answered_at, excluded.answer_id) > (g.answered_at, g.answer_id);
  END IF;
  RETURN NULL;
END $$;

-- Two at once: the second waits for the first's row, then reads what it wrote. Nothing but the index by the person serves
-- `class || ''`: in a table whose figures are old, the index by class looked as good, and read everybody's answers.
CREATE FUNCTION read_answers(person INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contact_signs (contact_id) SELECT c.id FROM contacts c
  WHERE c.id = person AND EXISTS (SELECT FROM received_mails m WHERE m.contact_id = c.id AND m.class || '' = 'reply') ON CONFLICT DO NOTHING;
  PERFORM FROM contact_signs WHERE contact_id = person FOR NO KEY UPDATE;
  UPDATE contact_signs g SET answered_at = a.received_at, answer_id = a.id, wrote_at = w.received_at, wrote_id = w.id
  FROM (VALUES (person)) c (id)
  LEFT JOIN LATERAL (SELECT m.id, m.received_at FROM received_mails m
    WHERE m.contact_id = c.id AND m.class || '' = 'reply' AND m.delivery_id IS NOT NULL ORDER BY m.received_at DESC, m.id DESC LIMIT 1) a ON true
  LEFT JOIN LATERAL (SELECT m.id, m.received_at FROM received_mails m
    WHERE m.contact_id = c.id AND m.class || '' = 'reply' AND m.delivery_id IS NULL ORDER BY m.received_at DESC, m.id DESC LIMIT 1) w ON true
  WHERE g.contact_id = c.id;
END $$;

CREATE FUNCTION read_choice(person INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contact_signs (contact_id) SELECT c.id FROM contacts c
  WHERE c.id = person AND EXISTS (SELECT FROM subscription_events e
    WHERE e.contact_id = c.id AND e.change = 'subscribed' AND e.via IN ('page', 'undo')) ON CONFLICT DO NOTHING;
  PERFORM FROM contact_signs WHERE contact_id = person FOR NO KEY UPDATE;
  UPDATE contact_signs g SET chose_at = s.at, chose_topic_id = s.topic_id
  FROM (VALUES (person)) c (id)
  LEFT JOIN LATERAL (SELECT e.at, e.topic_id FROM subscription_events e
    JOIN subscriptions u ON u.contact_id = e.contact_id AND u.topic_id = e.topic_id
    WHERE e.contact_id = c.id AND e.change = 'subscribed' AND e.via IN ('page', 'undo')
      AND (u.unsubscribed_at IS NULL OR u.unsubscribed_at < u.subscribed_at)
    ORDER BY e.at DESC, e.id DESC LIMIT 1) s ON true
  WHERE g.contact_id = c.id;
END $$;

CREATE OR REPLACE FUNCTION note_signs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.contact_id IS NOT NULL THEN PERFORM read_answers(OLD.contact_id); END IF;
  IF TG_OP = 'UPDATE' AND NEW.contact_id IS NOT NULL AND NEW.contact_id IS DISTINCT FROM OLD.contact_id THEN
    PERFORM read_answers(NEW.contact_id);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION note_choice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM read_choice(NEW.contact_id); RETURN NULL; END $$;

DROP TRIGGER received_mails_signs_new ON received_mails;
CREATE TRIGGER received_mails_signs_new AFTER INSERT ON received_mails
  FOR EACH ROW WHEN (NEW.class = 'reply' AND NEW.contact_id IS NOT NULL) EXECUTE FUNCTION note_answer();
DROP TRIGGER subscription_events_signs ON subscription_events;
CREATE TRIGGER subscription_events_signs AFTER INSERT ON subscription_events
  FOR EACH ROW WHEN (NEW.via <> 'import' AND NEW.contact_id IS NOT NULL AND NEW.change IN ('subscribed', 'unsubscribed'))
  EXECUTE FUNCTION note_choice();
DROP FUNCTION read_signs(INTEGER);
