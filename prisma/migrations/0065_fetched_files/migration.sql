-- A remote site's file is kept in chunks like an uploaded one, before anything of it is written.
ALTER TABLE sync_upload_chunks RENAME TO sync_chunks;
ALTER TABLE sync_chunks RENAME CONSTRAINT sync_upload_chunks_pkey TO sync_chunks_pkey;
ALTER TABLE sync_chunks DROP CONSTRAINT sync_upload_chunks_run_id_fkey;
ALTER TABLE sync_chunks ADD CONSTRAINT sync_chunks_run_id_fkey
  FOREIGN KEY (run_id) REFERENCES sync_runs (id) ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE sync_runs
  ADD COLUMN bytes_read INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN fetched_at TIMESTAMPTZ(3),
  ADD COLUMN charset TEXT;
