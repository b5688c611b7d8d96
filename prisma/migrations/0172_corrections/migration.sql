-- What a reader says is wrong in what we know of them: a proposal, that somebody here accepts or not. Empty: as it is.
CREATE TABLE corrections (
    id SERIAL PRIMARY KEY,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE ON UPDATE CASCADE,
    -- The letter whose link they followed.
    delivery_id INTEGER REFERENCES deliveries (id) ON DELETE SET NULL ON UPDATE CASCADE,
    at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    first_name TEXT NOT NULL DEFAULT '',
    last_name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    street TEXT NOT NULL DEFAULT '',
    postcode TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    decided_at TIMESTAMPTZ(3),
    decided_by INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    accepted BOOLEAN,

    CONSTRAINT corrections_decided CHECK ((decided_at IS NULL) = (accepted IS NULL))
);
-- Said again, it is said anew: one a person waits.
CREATE UNIQUE INDEX corrections_waiting ON corrections (contact_id) WHERE decided_at IS NULL;
CREATE INDEX corrections_contact_id_idx ON corrections (contact_id);
CREATE INDEX corrections_delivery_id_idx ON corrections (delivery_id);
