-- The folders read besides the main one, where their readers were, and who waits at the main one for a mail to come.
alter table mailboxes
  add column read_junk boolean not null default true,
  add column more_folders text[] not null default '{}';

create table mailbox_folders (
  relay_id int not null references mailboxes (relay_id) on delete cascade on update cascade,
  path text not null,
  uid_validity bigint,
  last_uid int not null default 0,
  error text,
  primary key (relay_id, path)
);

create table mailbox_listeners (
  relay_id int primary key references mailboxes (relay_id) on delete cascade on update cascade,
  read_at timestamptz(3),
  error text,
  failures int not null default 0,
  due_at timestamptz(3) not null default now(),
  lease_token uuid,
  lease_until timestamptz(3)
);

-- Where a mail was found, when that is not the main folder.
alter table received_mails add column folder text;
