-- The screens order by these three and count what waits for an answer: neither may read all that was ever written.
DROP INDEX threads_open;
DROP INDEX threads_by_time;
CREATE INDEX threads_by_time ON threads (greatest(last_in_at, last_out_at, created_at) DESC, id DESC);
CREATE INDEX threads_to_do ON threads (greatest(last_in_at, last_out_at, created_at) DESC, id DESC)
  WHERE closed_at IS NULL AND coalesce(last_in_at, '-infinity') > coalesce(last_out_at, '-infinity');
CREATE INDEX threads_open ON threads (greatest(last_in_at, last_out_at, created_at) DESC, id DESC) WHERE closed_at IS NULL;
