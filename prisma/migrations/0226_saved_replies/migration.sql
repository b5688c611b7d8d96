-- Words that somebody writes often, to begin a letter with: their own, or shared with everybody who writes.
CREATE TABLE saved_replies (
  id SERIAL PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
  title TEXT NOT NULL CHECK (title <> ''),
  -- Of the few tags that lib/letters/drafts/rich.ts lets pass, with the variables of newsletters.
  html TEXT NOT NULL,
  shared BOOLEAN NOT NULL DEFAULT false,
  updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX saved_replies_user_id_idx ON saved_replies (user_id);
