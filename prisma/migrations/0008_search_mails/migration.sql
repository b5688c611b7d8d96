-- The mailbox is searched for any part of a sender or a subject.
CREATE INDEX received_mails_search_sender ON received_mails USING gin (sender gin_trgm_ops);
CREATE INDEX received_mails_search_subject ON received_mails USING gin (subject gin_trgm_ops);
