-- A reader who asks to be known by the letters they follow: the consent that stands, and what it allows. Its history, with
-- the words that were read, is in subscription_events. No row joins a click and a person but under a consent: with it goes
-- what it allowed.
CREATE TABLE click_consents (
    contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE ON UPDATE CASCADE,
    -- Of the words that were read: one for older words does not count.
    version INTEGER NOT NULL,
    since TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- The letter and the day: neither the link nor the hour.
CREATE TABLE reader_clicks (
    contact_id INTEGER NOT NULL REFERENCES click_consents (contact_id) ON DELETE CASCADE ON UPDATE CASCADE,
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE ON UPDATE CASCADE,
    on_day DATE NOT NULL,
    PRIMARY KEY (contact_id, campaign_id, on_day)
);
-- Found by the purge, and by a campaign that goes.
CREATE INDEX reader_clicks_on_day_idx ON reader_clicks (on_day);
CREATE INDEX reader_clicks_campaign_id_idx ON reader_clicks (campaign_id);

-- What draws without a word said: a newsletter asked for, a link followed.
ALTER TABLE contact_signs ADD COLUMN clicked_at TIMESTAMPTZ(3), ADD COLUMN clicked_campaign_id INTEGER,
    ADD COLUMN mild_at TIMESTAMPTZ(3) GENERATED ALWAYS AS (greatest(chose_at, clicked_at)) STORED;

CREATE FUNCTION note_click() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contact_signs AS g (contact_id, clicked_at, clicked_campaign_id)
  VALUES (NEW.contact_id, NEW.on_day::timestamp AT TIME ZONE 'Europe/Paris', NEW.campaign_id)
  ON CONFLICT (contact_id) DO UPDATE SET clicked_at = excluded.clicked_at, clicked_campaign_id = excluded.clicked_campaign_id
  WHERE g.clicked_at IS NULL OR excluded.clicked_at >= g.clicked_at;
  RETURN NULL;
END $$;

CREATE FUNCTION forget_click() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE contact_signs g SET clicked_at = r.on_day::timestamp AT TIME ZONE 'Europe/Paris', clicked_campaign_id = r.campaign_id
  FROM (VALUES (OLD.contact_id)) c (id)
  LEFT JOIN LATERAL (SELECT k.on_day, k.campaign_id FROM reader_clicks k WHERE k.contact_id = c.id ORDER BY k.on_day DESC, k.campaign_id DESC LIMIT 1) r ON true
  WHERE g.contact_id = c.id;
  RETURN NULL;
END $$;

CREATE TRIGGER reader_clicks_signs_new AFTER INSERT ON reader_clicks FOR EACH ROW EXECUTE FUNCTION note_click();
CREATE TRIGGER reader_clicks_signs_gone AFTER DELETE ON reader_clicks FOR EACH ROW EXECUTE FUNCTION forget_click();

ALTER TABLE subscription_events DROP CONSTRAINT subscription_events_change;
ALTER TABLE subscription_events ADD CONSTRAINT subscription_events_change
  CHECK (change IN ('subscribed', 'unsubscribed', 'paused', 'resumed', 'clicks_allowed', 'clicks_refused'));
