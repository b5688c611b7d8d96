-- What one of us sent from their own mail program, with the department in copy: neither an answer nor a return.
ALTER TABLE received_mails DROP CONSTRAINT received_mails_class,
  ADD CONSTRAINT received_mails_class CHECK (class IN ('bounce', 'complaint', 'auto-reply', 'reply', 'report', 'other', 'unsubscribe', 'copy'));
CREATE INDEX users_email_folded ON users (lower(email));
