-- A domain may sign with two kinds of keys at once (RFC 8463, section 3): one in use of each.
ALTER TABLE dkim_keys ADD COLUMN algorithm TEXT NOT NULL DEFAULT 'rsa';
ALTER TABLE dkim_keys ADD CONSTRAINT dkim_keys_algorithm CHECK (algorithm IN ('rsa', 'ed25519'));
DROP INDEX dkim_keys_active_key;
CREATE UNIQUE INDEX dkim_keys_active_key ON dkim_keys (domain, algorithm) WHERE active;
