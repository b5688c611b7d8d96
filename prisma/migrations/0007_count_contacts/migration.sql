-- Contacts by kind, for screens: sum(people). Each statement that changes the figures adds rows and waits for
-- nobody, however long its transaction; the worker adds them up (lib/dashboard/mutations.ts).
CREATE TABLE "contact_counts" (
    "id" BIGSERIAL NOT NULL,
    "kind" "ContactKind" NOT NULL,
    "people" INTEGER NOT NULL,

    CONSTRAINT "contact_counts_pkey" PRIMARY KEY ("id")
);

CREATE FUNCTION count_new_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contact_counts (kind, people)
  SELECT kind, count(*) FROM new_rows WHERE archived_at IS NULL GROUP BY kind;
  RETURN NULL;
END $$;
CREATE FUNCTION count_gone_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contact_counts (kind, people)
  SELECT kind, -count(*) FROM old_rows WHERE archived_at IS NULL GROUP BY kind;
  RETURN NULL;
END $$;
CREATE FUNCTION count_changed_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contact_counts (kind, people)
  SELECT kind, sum(n) FROM (
    SELECT kind, 1 AS n FROM new_rows WHERE archived_at IS NULL
    UNION ALL SELECT kind, -1 FROM old_rows WHERE archived_at IS NULL
  ) changed GROUP BY kind HAVING sum(n) <> 0;
  RETURN NULL;
END $$;

-- Nobody may write between the first count and the triggers.
LOCK TABLE contacts IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO contact_counts (kind, people) SELECT kind, count(*) FROM contacts WHERE archived_at IS NULL GROUP BY kind;
CREATE TRIGGER contacts_counted_new AFTER INSERT ON contacts REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_new_contacts();
CREATE TRIGGER contacts_counted_gone AFTER DELETE ON contacts REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_gone_contacts();
CREATE TRIGGER contacts_counted_changed AFTER UPDATE ON contacts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_changed_contacts();

-- What the dashboard reads of campaigns: those launched lately, those that did not leave.
CREATE INDEX campaigns_by_launch ON campaigns (launched_at DESC, id DESC) WHERE launched_at IS NOT NULL;
CREATE INDEX campaigns_stopped ON campaigns (id) WHERE pause_reason IS NOT NULL AND archived_at IS NULL;
