-- A first name alone is a name too: a file must not lose its person for it.
ALTER TABLE contacts DROP CONSTRAINT contacts_named,
  ADD CONSTRAINT contacts_named CHECK (btrim(last_name) <> '' OR btrim(first_name) <> '');
