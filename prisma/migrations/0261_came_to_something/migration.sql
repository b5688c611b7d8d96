-- Who came to something: an activity of the day of the event, once a person and an event. Coming weighs as an answer.
CREATE UNIQUE INDEX activities_came ON activities (contact_id, (data ->> 'event'), (data ->> 'on')) WHERE kind = 'came';

ALTER TABLE contact_signs ADD COLUMN came_at TIMESTAMPTZ(3), ADD COLUMN came_id INTEGER;
-- Made again: SET EXPRESSION is of PostgreSQL 17.
ALTER TABLE contact_signs DROP COLUMN spoke_at;
ALTER TABLE contact_signs ADD COLUMN strong_at TIMESTAMPTZ(3) GENERATED ALWAYS AS (greatest(answered_at, wrote_at, came_at)) STORED;

-- As 0174 wrote it; its two dates are no longer of speech and choice alone.
DROP FUNCTION interest_level(TIMESTAMPTZ, TIMESTAMPTZ, TIMESTAMPTZ, TIMESTAMPTZ);
CREATE FUNCTION interest_level(created TIMESTAMPTZ, strong TIMESTAMPTZ, mild TIMESTAMPTZ, at TIMESTAMPTZ)
RETURNS TEXT LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN strong > at - interval '12 months' THEN 'loyal'
    WHEN strong > at - interval '24 months' OR mild > at - interval '12 months' THEN 'attentive'
    WHEN greatest(strong, mild) > at - interval '36 months' THEN 'discreet'
    WHEN created > at - interval '6 months' THEN 'new'
    ELSE 'silent' END
$$;

CREATE FUNCTION note_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contact_signs AS g (contact_id, came_at, came_id) VALUES (NEW.contact_id, NEW.at, NEW.id)
  ON CONFLICT (contact_id) DO UPDATE SET came_at = excluded.came_at, came_id = excluded.came_id
  WHERE g.came_at IS NULL OR (excluded.came_at, excluded.came_id) > (g.came_at, g.came_id);
  RETURN NULL;
END $$;

CREATE FUNCTION forget_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE contact_signs g SET came_at = l.at, came_id = l.id
  FROM (VALUES (OLD.contact_id)) c (id)
  LEFT JOIN LATERAL (SELECT a.at, a.id FROM activities a WHERE a.contact_id = c.id AND a.kind = 'came' ORDER BY a.at DESC, a.id DESC LIMIT 1) l ON true
  WHERE g.contact_id = c.id;
  RETURN NULL;
END $$;

CREATE TRIGGER activities_signs_new AFTER INSERT ON activities
  FOR EACH ROW WHEN (NEW.kind = 'came' AND NEW.contact_id IS NOT NULL) EXECUTE FUNCTION note_came();
CREATE TRIGGER activities_signs_gone AFTER DELETE ON activities
  FOR EACH ROW WHEN (OLD.kind = 'came' AND OLD.contact_id IS NOT NULL) EXECUTE FUNCTION forget_came();
