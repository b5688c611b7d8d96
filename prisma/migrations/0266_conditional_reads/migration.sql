-- What a site's answer was marked with (RFC 9110, 8.8): shown to it again, it may say that nothing changed.
ALTER TABLE "sync_runs" ADD COLUMN "etag" TEXT, ADD COLUMN "last_modified" TEXT;
