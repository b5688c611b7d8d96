-- What the legal notice names beside the publisher (law 2004-575, art. 1-1).
ALTER TABLE settings
  ADD COLUMN phone TEXT NOT NULL DEFAULT '',
  ADD COLUMN publication_director TEXT NOT NULL DEFAULT '',
  ADD COLUMN host TEXT NOT NULL DEFAULT '';
