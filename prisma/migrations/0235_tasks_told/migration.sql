-- The last morning on which somebody was written to about their tasks, or had none.
ALTER TABLE users ADD COLUMN tasks_told_on DATE;
