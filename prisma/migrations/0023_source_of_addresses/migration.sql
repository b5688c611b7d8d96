-- The footer of a letter says where the address comes from (RGPD article 14): the remote site, or null when typed here.
ALTER TABLE email_addresses ADD COLUMN source_id INTEGER;
ALTER TABLE email_addresses ADD CONSTRAINT email_addresses_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources (id) ON DELETE SET NULL ON UPDATE CASCADE;

-- Those written while a run of the contact's own source went on.
UPDATE email_addresses a SET source_id = r.source_id
FROM external_identities x JOIN sync_runs r ON r.source_id = x.source_id AND r.status = 'succeeded'
WHERE x.contact_id = a.contact_id AND a.created_at BETWEEN r.started_at AND r.finished_at;
