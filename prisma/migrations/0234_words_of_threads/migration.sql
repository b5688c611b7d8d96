-- Full text of the conversations: one row a thread, kept by triggers, so that every word of a search is found in one index.
CREATE TEXT SEARCH CONFIGURATION mail_words (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION mail_words ALTER MAPPING FOR word, asciiword, numword WITH unaccent, simple;
CREATE TEXT SEARCH CONFIGURATION mail_stems (COPY = french);
ALTER TEXT SEARCH CONFIGURATION mail_stems ALTER MAPPING FOR word, asciiword WITH unaccent, french_stem;
ALTER TEXT SEARCH CONFIGURATION mail_stems DROP MAPPING IF EXISTS FOR numword, int, uint, float, sfloat, version;

-- As written (for beginnings of words) and by its stem (« conventions » finds « convention »). Addresses and dates are cut
-- into their parts. A mail must never fail to be filed because it is long: what is beyond 60 000 characters is not searched.
CREATE FUNCTION mail_lexemes(value text) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT strip(to_tsvector('public.mail_words', cut) || to_tsvector('public.mail_stems', cut))
  FROM (SELECT regexp_replace(left(value, 60000), '[^[:alnum:]]+', ' ', 'g') AS cut) s
$$;

CREATE TABLE thread_words (
  thread_id INTEGER PRIMARY KEY REFERENCES threads (id) ON DELETE CASCADE ON UPDATE CASCADE,
  words TSVECTOR NOT NULL
);
CREATE INDEX thread_words_words ON thread_words USING gin (words);

-- Subject, letters (the newest first), who they came from, and notes; from what is there now, so that nothing outlives it.
CREATE FUNCTION thread_words_of(thread int) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT mail_lexemes(t.subject || ' ' || coalesce((
      SELECT string_agg(left(n.text, 2000), ' ' ORDER BY n.id DESC) FROM (
        SELECT id, text FROM thread_notes WHERE thread_id = thread ORDER BY id DESC LIMIT 50) n), '') || ' ' || coalesce((
      SELECT string_agg(l.subject || ' ' || coalesce(m.sender, '') || ' ' || left(l.text, 10000), ' ' ORDER BY l.id DESC) FROM (
        SELECT id, subject, text, received_mail_id FROM letters WHERE thread_id = thread ORDER BY id DESC LIMIT 100) l
      LEFT JOIN received_mails m ON m.id = l.received_mail_id), ''))
  FROM threads t WHERE t.id = thread
$$;

CREATE FUNCTION keep_thread_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched int[];
  thread int;
BEGIN
  IF TG_TABLE_NAME = 'threads' THEN
    touched := ARRAY[NEW.id];
  ELSIF TG_TABLE_NAME = 'received_mails' THEN
    touched := ARRAY(SELECT l.thread_id FROM letters l WHERE l.received_mail_id = NEW.id);
  ELSIF TG_OP = 'DELETE' THEN
    touched := ARRAY[OLD.thread_id];
  ELSIF TG_OP = 'UPDATE' THEN
    touched := ARRAY[OLD.thread_id, NEW.thread_id];
  ELSE
    touched := ARRAY[NEW.thread_id];
  END IF;
  -- One after another: each sees what the one before had written.
  FOR thread IN SELECT id FROM threads WHERE id = ANY (touched) FOR NO KEY UPDATE
  LOOP
    INSERT INTO thread_words (thread_id, words) VALUES (thread, thread_words_of(thread))
    ON CONFLICT (thread_id) DO UPDATE SET words = excluded.words WHERE thread_words.words <> excluded.words;
  END LOOP;
  RETURN NULL;
END $$;

-- At the end of the transaction, when all that belongs to a thread is there or gone.
CREATE CONSTRAINT TRIGGER thread_words AFTER UPDATE OF subject ON threads
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_thread_words();
CREATE CONSTRAINT TRIGGER thread_words AFTER INSERT OR DELETE OR UPDATE OF subject, text, thread_id ON letters
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_thread_words();
CREATE CONSTRAINT TRIGGER thread_words AFTER INSERT OR DELETE OR UPDATE OF text ON thread_notes
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_thread_words();
CREATE CONSTRAINT TRIGGER thread_words AFTER UPDATE OF sender ON received_mails
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.sender IS DISTINCT FROM NEW.sender) EXECUTE FUNCTION keep_thread_words();

INSERT INTO thread_words (thread_id, words) SELECT id, thread_words_of(id) FROM threads;
