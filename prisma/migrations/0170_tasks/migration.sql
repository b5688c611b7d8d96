-- A follow-up: who does what, about whom, until which day. No priority, no status: done or not.
CREATE TABLE tasks (
    id SERIAL PRIMARY KEY,
    title TEXT NOT NULL,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE,
    due_on DATE NOT NULL,
    -- Of Paris; null: any time of that day.
    due_time TIME(0),
    contact_id INTEGER REFERENCES contacts (id) ON DELETE CASCADE ON UPDATE CASCADE,
    organisation_id INTEGER REFERENCES organisations (id) ON DELETE SET NULL ON UPDATE CASCADE,
    -- The mail it was made from, a return as well.
    received_mail_id INTEGER REFERENCES received_mails (id) ON DELETE SET NULL ON UPDATE CASCADE,
    -- The letter whose answer closes it.
    awaits_id INTEGER REFERENCES deliveries (id) ON DELETE CASCADE ON UPDATE CASCADE,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    created_by INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    done_at TIMESTAMPTZ(3),
    -- Null once done: an answer closed it, the one below.
    done_by INTEGER REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    answer_id INTEGER REFERENCES received_mails (id) ON DELETE SET NULL ON UPDATE CASCADE,

    CONSTRAINT tasks_title CHECK (title <> ''),
    CONSTRAINT tasks_done CHECK (done_at IS NOT NULL OR (done_by IS NULL AND answer_id IS NULL))
);

CREATE INDEX tasks_own ON tasks (owner_id, due_on, id) WHERE done_at IS NULL;
CREATE INDEX tasks_open ON tasks (due_on, id) WHERE done_at IS NULL;
CREATE INDEX tasks_past ON tasks (done_at DESC, id DESC) WHERE done_at IS NOT NULL;
CREATE INDEX tasks_contact_id_idx ON tasks (contact_id);
CREATE INDEX tasks_organisation_id_idx ON tasks (organisation_id);
CREATE INDEX tasks_received_mail_id_idx ON tasks (received_mail_id);
CREATE INDEX tasks_answer_id_idx ON tasks (answer_id);
CREATE INDEX tasks_awaits_id_idx ON tasks (awaits_id);

INSERT INTO retention_rules (rule, amount) VALUES ('tasks', 12);
