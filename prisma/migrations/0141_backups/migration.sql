-- A backup a night, by whichever worker is first.
create table backups (
  id serial primary key,
  day date not null unique,
  host text not null,
  file text not null,
  started_at timestamptz(3) not null default clock_timestamp(),
  finished_at timestamptz(3),
  bytes bigint,
  rows bigint,
  error text,
  drilled_at timestamptz(3),
  drill_error text
);
