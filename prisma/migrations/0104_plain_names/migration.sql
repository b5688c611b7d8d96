-- How many of a domain's recipients a server said get too much, since when.
ALTER TABLE relay_domains RENAME COLUMN minded TO throttled;
ALTER TABLE relay_domains RENAME COLUMN minded_at TO throttled_since;

-- Nothing ever archived a newsletter: three are the department's, and a campaign keeps its own.
ALTER TABLE topics DROP COLUMN archived_at;
