-- Who paused a campaign is a fact of the campaign: it was read from the journal, which only tells.
alter table campaigns add column paused_by_id integer;
alter table campaigns add constraint campaigns_paused_by_id_fkey foreign key (paused_by_id) references users (id) on delete set null on update cascade;

update campaigns k set paused_by_id = (
  select a.user_id from audit_entries a
  where a.subject = 'campaign' and a.subject_id = k.id and a.action = 'campaign.paused'
    and a.at > k.paused_at - interval '5 seconds'
  order by a.id desc limit 1)
where k.status = 'paused' and k.pause_reason is null;
