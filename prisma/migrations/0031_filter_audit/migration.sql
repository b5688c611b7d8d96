-- The journal of one person, and of one kind of thing, newest first.
CREATE INDEX "audit_entries_user_id_at_id_idx" ON "audit_entries" ("user_id", "at" DESC, "id" DESC);
CREATE INDEX "audit_entries_subject_at_id_idx" ON "audit_entries" ("subject", "at" DESC, "id" DESC);
