-- Mail written by hand. A letter's journey is its delivery's (decision 3): nothing here says whether it left.
CREATE TABLE threads (
  id SERIAL PRIMARY KEY,
  subject TEXT NOT NULL,
  -- Whom it is given to; null: nobody yet.
  assignee_id INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  snoozed_until TIMESTAMPTZ(3),
  closed_at TIMESTAMPTZ(3),
  -- The last mail of a person to us, and of us to them: to do, waiting and done are computed from these.
  last_in_at TIMESTAMPTZ(3),
  last_out_at TIMESTAMPTZ(3),
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  -- Grows with each letter and each decision: what an open page compares itself with.
  version INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX threads_open ON threads (greatest(last_in_at, last_out_at) DESC, id DESC) WHERE closed_at IS NULL;
CREATE INDEX threads_by_time ON threads (greatest(last_in_at, last_out_at) DESC, id DESC);
CREATE INDEX threads_assignee_id_idx ON threads (assignee_id) WHERE closed_at IS NULL;

CREATE TABLE letters (
  id SERIAL PRIMARY KEY,
  thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE ON UPDATE CASCADE,
  contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL ON UPDATE CASCADE,
  at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  -- Of a letter of ours: who wrote it, what it answers, its delivery, and the draft it was.
  author_id INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  answers_id INTEGER REFERENCES letters (id) ON DELETE SET NULL ON UPDATE CASCADE,
  delivery_id INTEGER UNIQUE REFERENCES deliveries (id) ON DELETE CASCADE ON UPDATE CASCADE,
  draft_id INTEGER,
  -- Of one that came: the mail, its Message-ID, how we know that it belongs here, whether a machine wrote it.
  received_mail_id INTEGER UNIQUE REFERENCES received_mails (id) ON DELETE CASCADE ON UPDATE CASCADE,
  message_id TEXT,
  refs TEXT NOT NULL DEFAULT '',
  sureness TEXT,
  automatic BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT letters_way CHECK ((delivery_id IS NULL) <> (received_mail_id IS NULL)),
  CONSTRAINT letters_sureness CHECK (sureness IN ('reference', 'elsewhere', 'address', 'new') AND (sureness IS NULL) = (received_mail_id IS NULL))
);
CREATE INDEX letters_thread_id_idx ON letters (thread_id, id);
CREATE INDEX letters_contact_id_idx ON letters (contact_id, id DESC);
CREATE INDEX letters_message_id_idx ON letters (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX letters_draft_id_idx ON letters (draft_id) WHERE draft_id IS NOT NULL;
-- Nothing is answered twice.
CREATE UNIQUE INDEX letters_answers_id_key ON letters (answers_id);

-- What somebody is writing, saved as they type. Sent, it stays for as long as sending may be undone.
CREATE TABLE drafts (
  id SERIAL PRIMARY KEY,
  author_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
  identity_id INTEGER REFERENCES identities (id) ON DELETE SET NULL ON UPDATE CASCADE,
  thread_id INTEGER REFERENCES threads (id) ON DELETE CASCADE ON UPDATE CASCADE,
  answers_id INTEGER REFERENCES letters (id) ON DELETE SET NULL ON UPDATE CASCADE,
  subject TEXT NOT NULL DEFAULT '',
  -- Of the few tags that lib/letters/drafts/rich.ts lets pass.
  html TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  sent_at TIMESTAMPTZ(3)
);
CREATE INDEX drafts_author_id_idx ON drafts (author_id, updated_at DESC);
ALTER TABLE letters ADD CONSTRAINT letters_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES drafts (id) ON DELETE SET NULL ON UPDATE CASCADE;

-- To whom: each gets their own mail. An address is kept only of somebody who is in no address book.
CREATE TABLE draft_recipients (
  id SERIAL PRIMARY KEY,
  draft_id INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE ON UPDATE CASCADE,
  contact_id INTEGER REFERENCES contacts (id) ON DELETE CASCADE ON UPDATE CASCADE,
  address TEXT NOT NULL DEFAULT '',
  CONSTRAINT draft_recipients_somebody CHECK (contact_id IS NOT NULL OR address <> '')
);
CREATE UNIQUE INDEX draft_recipients_draft_id_contact_id_key ON draft_recipients (draft_id, contact_id);
CREATE INDEX draft_recipients_contact_id_idx ON draft_recipients (contact_id);

-- How a letter of somebody ends, by person.
CREATE TABLE letter_signatures (
  user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
  html TEXT NOT NULL
);

-- What colleagues tell each other about a thread; it never leaves.
CREATE TABLE thread_notes (
  id SERIAL PRIMARY KEY,
  thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE ON UPDATE CASCADE,
  user_id INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  text TEXT NOT NULL
);
CREATE INDEX thread_notes_thread_id_idx ON thread_notes (thread_id, id);

-- « Somebody is answering »: who writes in a thread, told every ten seconds. Not worth a log that survives a crash.
CREATE UNLOGGED TABLE thread_beats (
  thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE ON UPDATE CASCADE,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
  at TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY (thread_id, user_id)
);

-- The mails that a letter written by hand follows (RFC 5322, section 3.6.4), frozen with its words.
ALTER TABLE contents
  ADD COLUMN in_reply_to TEXT NOT NULL DEFAULT '',
  ADD COLUMN refs TEXT NOT NULL DEFAULT '';

-- The replies that are here already: each begins its thread, done when it had been handled.
WITH mails AS (
  SELECT id, nextval('threads_id_seq')::int AS thread_id, subject, handled_at, received_at, contact_id, delivery_id
  FROM received_mails WHERE class = 'reply' AND octet_length(raw) > 0 ORDER BY id
), made AS (
  INSERT INTO threads (id, subject, closed_at, last_in_at, created_at)
  SELECT thread_id, subject, handled_at, received_at, received_at FROM mails RETURNING id
)
INSERT INTO letters (thread_id, contact_id, at, subject, text, received_mail_id, sureness)
SELECT mails.thread_id, contact_id, received_at, subject, '', mails.id, CASE WHEN delivery_id IS NULL THEN 'new' ELSE 'reference' END
FROM mails JOIN made ON made.id = mails.thread_id;
