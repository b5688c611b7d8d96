-- An address that a colleague types, again or for somebody else, lives: what its dead mailbox stopped goes on. One that a
-- feed brings back is as dead as it was, and its badge says so.
CREATE FUNCTION stand_as_known() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.typed THEN
    UPDATE suppressions SET lifted_at = clock_timestamp()
    WHERE address_hash = NEW.address_hash AND reason = 'hard_bounce' AND lifted_at IS NULL;
  ELSIF NEW.standing = 'ok' AND EXISTS (
    SELECT FROM suppressions WHERE address_hash = NEW.address_hash AND reason = 'hard_bounce' AND lifted_at IS NULL) THEN
    NEW.standing := 'hard';
    NEW.standing_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER email_addresses_stand BEFORE INSERT ON email_addresses FOR EACH ROW EXECUTE FUNCTION stand_as_known();
