-- When a reading last brought something: a server that answers drop by drop is seen while it is being read, not afterwards.
ALTER TABLE mailboxes ADD COLUMN progress_at timestamptz(3);
