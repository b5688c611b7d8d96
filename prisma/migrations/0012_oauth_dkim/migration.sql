-- A relay signed in to by a token instead of a password (RFC 6749, 7636). The row exists only for such relays.
CREATE TABLE relay_oauth (
    relay_id INTEGER NOT NULL,
    authorize_url TEXT NOT NULL,
    token_url TEXT NOT NULL,
    scope TEXT NOT NULL,
    client_id TEXT NOT NULL,
    sealed_client_secret BYTEA,
    allow_private BOOLEAN NOT NULL DEFAULT false,
    sealed_refresh_token BYTEA,
    sealed_access_token BYTEA,
    expires_at TIMESTAMPTZ(3),
    version INTEGER NOT NULL DEFAULT 0,
    refreshing_until TIMESTAMPTZ(3),
    nonce TEXT,
    nonce_until TIMESTAMPTZ(3),
    connected_at TIMESTAMPTZ(3),
    revoked_at TIMESTAMPTZ(3),

    CONSTRAINT relay_oauth_pkey PRIMARY KEY (relay_id),
    CONSTRAINT relay_oauth_nonce CHECK ((nonce IS NULL) = (nonce_until IS NULL))
);
ALTER TABLE relay_oauth ADD CONSTRAINT relay_oauth_relay_id_fkey FOREIGN KEY (relay_id) REFERENCES relays (id) ON DELETE CASCADE ON UPDATE CASCADE;

-- Keys that sign what leaves in a domain's name (RFC 6376). A retired key's private half is gone.
CREATE TABLE dkim_keys (
    id SERIAL NOT NULL,
    domain TEXT NOT NULL,
    selector TEXT NOT NULL,
    sealed_private_key BYTEA,
    public_key TEXT NOT NULL,
    active BOOLEAN NOT NULL DEFAULT false,
    check_result TEXT,
    checked_at TIMESTAMPTZ(3),
    published_at TIMESTAMPTZ(3),
    activated_at TIMESTAMPTZ(3),
    retired_at TIMESTAMPTZ(3),
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT dkim_keys_pkey PRIMARY KEY (id),
    CONSTRAINT dkim_keys_domain CHECK (domain = lower(domain) AND domain <> ''),
    CONSTRAINT dkim_keys_check_result CHECK (check_result IN ('right', 'absent', 'other', 'unreachable')),
    CONSTRAINT dkim_keys_active CHECK (NOT active OR (retired_at IS NULL AND published_at IS NOT NULL)),
    CONSTRAINT dkim_keys_retired CHECK ((retired_at IS NULL) = (sealed_private_key IS NOT NULL))
);
CREATE UNIQUE INDEX dkim_keys_domain_selector_key ON dkim_keys (domain, selector);
CREATE UNIQUE INDEX dkim_keys_active_key ON dkim_keys (domain) WHERE active;
