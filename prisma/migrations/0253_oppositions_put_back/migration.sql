-- How many oppositions, said after the backup, were found beside the database and put back.
alter table restores add column oppositions int not null default 0;
