-- One row: which life of the installation this database is, as compared with what is kept outside it, and whether what
-- leaves is held.
create table installation (
  id int primary key default 1 check (id = 1),
  uuid uuid,
  generation int not null default 0,
  beat bigint not null default 0,
  beat_at timestamptz(3),
  timeline int,
  key_fingerprint text,
  held_at timestamptz(3),
  held_why text check (held_why in ('behind', 'absent', 'timeline', 'silent', 'copied', 'restored')),
  check ((held_at is null) = (held_why is null))
);
insert into installation default values;

-- Each time what leaves was held, and by whom it was set free.
create table restores (
  id serial primary key,
  why text not null,
  generation int not null,
  -- The last sign of life in what was found: the moment of the backup.
  backup_at timestamptz(3),
  held_at timestamptz(3) not null default clock_timestamp(),
  acknowledged_at timestamptz(3),
  acknowledged_by int references users(id) on delete set null
);

-- A number may have been dealt by a life that was lost: with the generation it was dealt in, it is one delivery's.
alter table deliveries add column generation int not null default 0;

create function current_timeline() returns int language sql stable as $$
  select case when pg_is_in_recovery() then null
    else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end
$$;

-- Asked by every claim, mark and launch; `known` is the latest beat that the asking process has seen.
create function may_leave(known bigint) returns boolean language sql stable as $$
  select held_at is null and beat >= known
    and (beat_at is null or beat_at > clock_timestamp() - interval '15 minutes')
    and (timeline is null or timeline = current_timeline())
  from installation
$$;
