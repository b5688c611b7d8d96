-- A letter says that staff entered an address only when that is known. Of those written before, nobody knows: a feed may
-- have brought them before its name was kept, so that they are said to be in the contact book and nothing more.
ALTER TABLE email_addresses ADD COLUMN typed BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE email_addresses ADD CONSTRAINT email_addresses_one_origin CHECK (NOT (typed AND source_id IS NOT NULL));
