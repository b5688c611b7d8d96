-- A letter that carries a one-time link holds a slot in its place; the secret is sealed beside it, its hash is kept.
ALTER TABLE contents ADD COLUMN sealed_secret BYTEA, ADD COLUMN secret_hash BYTEA;
CREATE INDEX contents_secret_hash ON contents (secret_hash) WHERE secret_hash IS NOT NULL;
CREATE INDEX contents_sealed_secret ON contents (created_at) WHERE sealed_secret IS NOT NULL;

-- Copies of such letters, and mails that quote them.
ALTER TABLE sandbox_messages ADD COLUMN carries_secret BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE received_mails ADD COLUMN carries_secret BOOLEAN NOT NULL DEFAULT false;

-- Links written out in letters of an older version are dead: they could be read.
UPDATE user_tokens SET used_at = now() WHERE used_at IS NULL AND user_id IS NOT NULL;

-- Links and authorizations made before this instant are dead: the password changed, or the account was closed.
ALTER TABLE users ADD COLUMN links_since TIMESTAMPTZ(3) NOT NULL DEFAULT 'epoch';

-- Where a browser signed in from; goes with its row, thirty days after the session's end.
ALTER TABLE user_sessions ADD COLUMN network TEXT NOT NULL DEFAULT '';

-- Where a sign-in of the journal, or a refused one, came from: has a shorter life than its entry.
CREATE TABLE sign_in_networks (
  audit_entry_id INTEGER PRIMARY KEY REFERENCES audit_entries (id) ON DELETE CASCADE,
  at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  network TEXT NOT NULL
);
CREATE INDEX sign_in_networks_at ON sign_in_networks (at);
