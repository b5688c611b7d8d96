-- A relay is in service once its server took its account, then a first message. Those already at work are.
alter table relays add column tested_at timestamptz(3), add column tried_at timestamptz(3);
update relays set tested_at = created_at, tried_at = created_at;

-- The first letter a tested account's server accepts is its trial, whoever wrote it.
create function note_trial() returns trigger language plpgsql as $$
begin
  update relays set tried_at = coalesce(new.settled_at, now())
  where id = new.relay_id and tried_at is null and tested_at is not null;
  return null;
end $$;

create trigger note_trial after update of status on deliveries for each row
  when (new.status = 'sent' and old.status <> 'sent' and new.campaign_id is null and new.relay_id is not null)
  execute function note_trial();

-- Whatever forgets to ask: nothing writes by default through an account that was never tried.
create function refuse_untried_default() returns trigger language plpgsql as $$
begin
  if exists (select 1 from relays where id = new.relay_id and kind = 'smtp' and pause_reason = 'not-tested') then
    raise exception 'relay % was not tested', new.relay_id using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger refuse_untried_default before insert or update of is_default on identities for each row
  when (new.is_default) execute function refuse_untried_default();
