-- Whose words set a relay back: told twice by one domain while the others go through, they are that domain's own.
-- `minded` counts its recipients said to get too much, since `minded_at`.
ALTER TABLE relay_domains
  ADD COLUMN blamed_at TIMESTAMPTZ(3),
  ADD COLUMN minded INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN minded_at TIMESTAMPTZ(3);

-- A campaign that people resumed is judged by what happened since.
ALTER TABLE campaigns ADD COLUMN resumed_at TIMESTAMPTZ(3);
