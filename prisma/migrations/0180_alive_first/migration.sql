-- By which of a person's addresses we write: one that lives before a dead or a resting one, then the primary, then the one
-- in best standing. A person without any has no row. Written into the statement that calls it: a launch asks it of a million.
-- Three passing refusals in a row stop an address (lib/letters/verdicts/standing.ts).
CREATE FUNCTION address_to_write(person INTEGER)
RETURNS TABLE (id INTEGER, address TEXT, address_hash BYTEA, source_id INTEGER, typed BOOLEAN)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
  SELECT e.id, e.address, e.address_hash, e.source_id, e.typed FROM email_addresses e WHERE e.contact_id = person
  ORDER BY (e.standing = 'hard' OR e.soft_bounces >= 3), e.is_primary DESC, e.standing, e.id LIMIT 1
$$;

-- Resting addresses are few; whether a later mail arrived is asked of them alone.
CREATE INDEX email_addresses_resting ON email_addresses (standing_at) WHERE standing = 'soft';
