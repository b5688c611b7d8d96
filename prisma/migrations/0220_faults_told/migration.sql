-- What the web process sees wrong with the installation, and whether the administrators were written to about it.
create table faults (
  kind text not null,
  -- The row it is about (a relay, a campaign); 0 when it is about the whole.
  subject int not null default 0,
  since timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  told_at timestamptz(3),
  -- When nobody could be reached: not before this.
  retry_at timestamptz(3),
  primary key (kind, subject)
);
