/** What goes at the end of each duration, but for contacts: one statement finds what is due, one blanks or deletes a batch of it. */
import type { RuleName } from "#lib/office/privacy/rules";
import { clickConsentVersion } from "#lib/people/consents/rules";

/**
 * `due` selects at most so many rows past `$1::interval`; `act` does away with what such a batch found. Rows that
 * figures and histories are made of are blanked, others deleted.
 */
export type Step = {
  due: (limit: number) => string;
  act: (batch: string) => string;
  /** What to count, where the batch meets rows that are done already. */
  left?: (limit: number) => string;
};

const old = (column: string) => `${column} < clock_timestamp() - $1::interval`;
const all = (select: string) => (limit: number) => `${select} limit ${limit}`;
const drop =
  (table: string, key = "id") =>
  (batch: string) =>
    `delete from ${table} where ${key} in (${batch})`;
const ended = (column: string) => `least(coalesce(${column}, expires_at), expires_at)`;
/** By id, from where the last batch ended: no index by date is worth what it would cost each launch. */
const nextDeliveries = (limit: number) => `
  select id from (select id, created_at, erased_at, status from deliveries
    where id > (select after_id from purge_cursors where rule = 'deliveries') order by id limit ${limit}) next
  where ${old("created_at")}`;
const firstDay =
  "(select min(on_day) from link_clicks f where f.campaign_id = c.campaign_id and f.link = c.link)";

export const steps: Record<Exclude<RuleName, "contacts" | "notice">, Step[]> = {
  deliveries: [
    {
      due: nextDeliveries,
      left: (limit) =>
        `${nextDeliveries(limit)} and erased_at is null and status in ('sent', 'failed', 'skipped')`,
      // The cursor moves with the batch, past those that cannot be blanked yet: the next sweep finds them again.
      act: (batch) => `
        with batch as materialized (${batch}), blanked as (
          update deliveries d set address = d.id || '@erased.invalid', variables = '{}', reply = null, erased_at = clock_timestamp()
          from batch where d.id = batch.id and d.erased_at is null and d.status in ('sent', 'failed', 'skipped') returning d.id
        ), quiet as (
          update attempts a set reply = null from blanked where a.delivery_id = blanked.id and a.reply is not null
        )
        update purge_cursors set after_id = (select max(id) from batch) where rule = 'deliveries' and exists (select from batch)`,
    },
    {
      // Letters of the application and tests: nobody reads them online.
      due: all(
        `select id from contents where kind in ('transactional', 'test') and (html <> '' or text <> '') and ${old("created_at")}`,
      ),
      act: (batch) => `update contents set html = '', text = '', subject = '' where id in (${batch})`,
    },
    {
      // What was written by hand has its words in the thread; one that waits for its hour keeps them.
      due: all(
        `select c.id from contents c where c.kind = 'personal' and c.html <> '' and ${old("c.created_at")}
           and not exists (select from deliveries d where d.content_id = c.id and d.status in ('queued', 'sending'))`,
      ),
      act: (batch) =>
        `update contents set html = '', text = '', subject = '', in_reply_to = '', refs = '' where id in (${batch})`,
    },
    {
      // Who confirmed a promise; the pledge it became stays.
      due: all(`select id from promises where address <> '' and ${old("created_at")}`),
      act: (batch) => `update promises set address = '' where id in (${batch})`,
    },
  ],
  returns: [
    {
      due: all(
        `select id from bounces where diagnostic || recipient || overturned_why <> '' and ${old("at")}`,
      ),
      act: (batch) =>
        `update bounces set diagnostic = '', recipient = '', overturned_why = '' where id in (${batch})`,
    },
    {
      // An answer of somebody we know is part of their contact.
      due: all(`select id from received_mails where (sender <> '' or subject <> '' or proposed_address <> '') and ${old("received_at")}
        and not (class = 'reply' and contact_id is not null)`),
      act: (batch) =>
        `update received_mails set sender = '', subject = '', proposed_address = '' where id in (${batch})`,
    },
  ],
  rawMails: [
    {
      // A conversation with nobody we know has no contact to go with.
      due: all(`select t.id from threads t where ${old("greatest(t.last_in_at, t.last_out_at, t.created_at)")}
        and not exists (select from letters l where l.thread_id = t.id and l.contact_id is not null)`),
      act: drop("threads"),
    },
    {
      due: all(`select id from received_mails where octet_length(raw) > 0 and ${old("received_at")}`),
      act: (batch) => `update received_mails set raw = '' where id in (${batch})`,
    },
  ],
  sandbox: [
    {
      due: all(`select id from sandbox_messages where ${old("received_at")}`),
      act: drop("sandbox_messages"),
    },
  ],
  uploads: [
    {
      due: all(`select c.run_id as id from sync_chunks c join sync_runs r on r.id = c.run_id
        where r.finished_at is not null and ${old("r.created_at")}`),
      act: drop("sync_chunks", "run_id"),
    },
  ],
  importErrors: [
    {
      due: all(`select e.id from sync_run_errors e join sync_runs r on r.id = e.run_id
        where e.value <> '' and ${old("r.created_at")}`),
      act: (batch) => `update sync_run_errors set value = '' where id in (${batch})`,
    },
    {
      due: all(
        `select c.id from changes c join change_sets s on s.id = c.set_id where ${old("s.created_at")}`,
      ),
      act: drop("changes"),
    },
  ],
  signIns: [
    // Only what slows guessing down needs them: two days, whatever is set.
    {
      due: all(
        `select id from sign_in_failures where at < clock_timestamp() - least($1::interval, interval '2 days')`,
      ),
      act: drop("sign_in_failures"),
    },
    {
      due: all(`select id from user_sessions where ${old(ended("revoked_at"))}`),
      act: drop("user_sessions"),
    },
    {
      due: all(`select audit_entry_id as id from sign_in_networks where ${old("at")}`),
      act: drop("sign_in_networks", "audit_entry_id"),
    },
    { due: all(`select id from user_tokens where ${old(ended("used_at"))}`), act: drop("user_tokens") },
  ],
  clicks: [
    {
      // The days are forgotten, not the clicks: each link keeps its sum, so that reports go on adding up.
      due: all(
        `select campaign_id, link from link_clicks where ${old("on_day")} group by campaign_id, link having count(*) > 1`,
      ),
      act: (batch) => `
        with gone as (
          delete from link_clicks c using (${batch}) b
          where c.campaign_id = b.campaign_id and c.link = b.link and ${old("c.on_day")} and c.on_day > ${firstDay}
          returning c.campaign_id, c.link, c.clicks
        )
        update link_clicks c set clicks = c.clicks + sums.n
        from (select campaign_id, link, sum(clicks)::int as n from gone group by 1, 2) sums
        where c.campaign_id = sums.campaign_id and c.link = sums.link and c.on_day = ${firstDay}`,
    },
    {
      // Of readers who consented: the letter and the day are one row, which goes.
      due: all(`select contact_id, campaign_id, on_day from reader_clicks where ${old("on_day")}`),
      act: (batch) => `
        delete from reader_clicks r using (${batch}) b
        where r.contact_id = b.contact_id and r.campaign_id = b.campaign_id and r.on_day = b.on_day`,
    },
    {
      // A consent to older words, with the clicks it allowed; its proof stays in the history.
      due: all(
        `select contact_id as id from click_consents where version <> ${clickConsentVersion} and $1::interval is not null`,
      ),
      act: drop("click_consents", "contact_id"),
    },
  ],
  notices: [{ due: all(`select id from notices where ${old("at")}`), act: drop("notices") }],
  tasks: [
    { due: all(`select id from tasks where done_at is not null and ${old("done_at")}`), act: drop("tasks") },
  ],
  audit: [{ due: all(`select id from audit_entries where ${old("at")}`), act: drop("audit_entries") }],
};
