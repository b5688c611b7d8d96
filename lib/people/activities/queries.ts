/** The timeline: what happened to whom, gathered from where each thing is kept. */
import { renderFor } from "#emails/personalise";
import type { Variables } from "#emails/variables";
import { pool } from "#lib/machine/db";
import { type Page, pageOf, readCursor, Values } from "#lib/machine/keyset";

/** `source` says which table it comes from, `kind` what happened in that table's words (a delivery's status, a mail's class…). */
export type Moment = {
  source: "activity" | "click" | "delivery" | "mail" | "subscription" | "task";
  id: number;
  at: Date;
  kind: string;
  data: Record<string, unknown>;
  userName: string | null;
  /** The other party: the organisation on a contact's page, the contact on an organisation's. */
  otherId: number | null;
  otherName: string | null;
  campaignId: number | null;
  campaignName: string | null;
  topicName: string | null;
};

const size = 30;

/** One moment a task: as it was done, else as it was made. */
const taskMoments = (where: string) => `
  select 'task', k.id, coalesce(k.done_at, k.created_at), case when k.done_at is null then 'open' when k.answer_id is not null then 'answered' else 'done' end,
         jsonb_build_object('subject', k.title, 'taskId', k.id), coalesce(d.name, u.name), null::int, null, null::int, null, null
  from tasks k join users u on u.id = k.owner_id left join users d on d.id = k.done_by where ${where}`;

/** Bounces, complaints and refusals have an activity of their own; replies and subscriptions are told by their rows. */
const contactMoments = (contact: string) => `
  select 'activity' as source, a.id, a.at, a.kind, a.data, u.name as "userName", o.id as "otherId", o.name as "otherName",
         k.id as "campaignId", k.name as "campaignName", null as "topicName"
  from activities a left join users u on u.id = a.user_id left join organisations o on o.id = a.organisation_id
  left join campaigns k on k.id = a.campaign_id
  where a.contact_id = ${contact} and a.kind not in ('reply', 'autoreply', 'unsubscribed', 'resubscribed')
  union all
  select 'delivery', d.id, d.created_at, d.status::text,
         jsonb_build_object('subject', t.subject, 'variables', case when t.kind in ('campaign', 'test') then d.variables end, 'reason', d.reason, 'bounce', d.bounce, 'settledAt', d.settled_at),
         null, null, null, k.id, k.name, null
  from deliveries d join contents t on t.id = d.content_id left join campaigns k on k.id = d.campaign_id
  where d.contact_id = ${contact}
  union all
  select 'mail', m.id, m.received_at, m.class, jsonb_build_object('subject', m.subject), null, null, null, null, null, null
  from received_mails m where m.contact_id = ${contact} and m.class in ('reply', 'auto-reply')
  union all
  select 'click', r.campaign_id, r.on_day::timestamp at time zone 'Europe/Paris', 'followed', '{}', null, null, null, k.id, k.name, null
  from reader_clicks r join campaigns k on k.id = r.campaign_id where r.contact_id = ${contact}
  union all
  select 'subscription', e.id, e.at, e.change, jsonb_build_object('via', e.via), u.name, null, null, null, null, t.name
  from subscription_events e left join topics t on t.id = e.topic_id left join users u on u.id = e.user_id
  where e.contact_id = ${contact}
  union all ${taskMoments(`k.contact_id = ${contact}`)}`;

const organisationMoments = (organisation: string) => `
  select 'activity' as source, a.id, a.at, a.kind, a.data, u.name as "userName", c.id as "otherId",
         btrim(c.first_name || ' ' || c.last_name) as "otherName", null::int as "campaignId", null as "campaignName", null as "topicName"
  from activities a left join users u on u.id = a.user_id left join contacts c on c.id = a.contact_id
  where a.organisation_id = ${organisation}
  union all ${taskMoments(`k.organisation_id = ${organisation}`)}`;

type Search = { after?: unknown; before?: unknown };

/** Thirty moments of a contact, newest first. */
export const listContactTimeline = (contactId: number, search: Search) =>
  list(contactMoments, contactId, search);

/** Thirty moments of an organisation, newest first. */
export const listOrganisationTimeline = (organisationId: number, search: Search) =>
  list(organisationMoments, organisationId, search);

/** One person's rows are few: they are gathered whole by their indexes, then cut. */
async function list(moments: (id: string) => string, id: number, search: Search): Promise<Page<Moment>> {
  const cursor = readCursor(search, ["instant", "text", "id"]);
  const values = new Values();
  const from = moments(values.add(id));
  const way = cursor?.backward ? "asc" : "desc";
  const beyond = cursor
    ? `where (at, source, id) ${cursor.backward ? ">" : "<"} (${cursor.keys.map((key, i) => `${values.add(key)}::${["timestamptz", "text", "int"][i]}`).join(", ")})`
    : "";
  const { rows } = await pool().query<Moment>(
    `select * from (${from}) moments ${beyond} order by at ${way}, source ${way}, id ${way} limit ${size + 1}`,
    values.list,
  );
  return pageOf(rows.map(personal), size, cursor, (row) => [row.at.toISOString(), row.source, row.id]);
}

/** The subject as this person read it, not as it was composed. */
function personal(moment: Moment): Moment {
  const { variables, ...data } = moment.data;
  if (!variables) return { ...moment, data };
  try {
    return {
      ...moment,
      data: { ...data, subject: renderFor(String(data.subject), variables as Variables, "header") },
    };
  } catch {
    return { ...moment, data };
  }
}
