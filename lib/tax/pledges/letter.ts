/** A letter of the newsletter « taxe » solicits: the companies whose people it reached are no longer to solicit. */
import { audited, type By } from "#lib/department/audit/mutations";
import { sql, sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";

export type Letter = { id: number; name: string; launchedAt: Date; waiting: number };

/**
 * Of the campaign's letters (it begins in the November before, as on /taxe), the last that reached companies still to
 * solicit, and how many; null when there is none.
 */
export async function findSoliciting(campaignYear: number): Promise<Letter | null> {
  const [row] = await sql<Letter>`
    select k.id, k.name, k.launched_at as "launchedAt", reached.waiting
    from topics t join campaigns k on k.topic_id = t.id
    cross join lateral (
      select count(distinct p.id)::int as waiting from pledges p
      join organisations o on o.id = p.organisation_id and unsolicited_because(o) is null
      join affiliations a on a.organisation_id = p.organisation_id and a.ended_at is null
      join deliveries d on d.contact_id = a.contact_id and d.campaign_id = k.id and d.status = 'sent'
      where p.campaign_year = ${campaignYear} and p.state = 'to_solicit') reached
    where t.key = 'taxe' and (k.launched_at at time zone 'Europe/Paris')::date >= make_date(${campaignYear} - 1, 11, 1)
      and (k.launched_at at time zone 'Europe/Paris')::date < make_date(${campaignYear + 1}, 1, 1)
      and reached.waiting > 0
    order by k.launched_at desc limit 1`;
  return row ?? null;
}

/** Moves to `solicited`, through that letter, each pledge still to solicit of a company that it reached. */
export const solicitByLetter = (
  { campaignYear, campaignId }: { campaignYear: number; campaignId: number },
  by: By,
): Promise<Result<{ count: number }, "nobodyReached">> =>
  audited(
    ({ count }) => ({
      userId: by,
      action: "pledge.solicited",
      subject: "pledge",
      data: { campaignYear, count },
    }),
    async (client): Promise<Result<{ count: number }, "nobodyReached">> => {
      const rows = await sqlOn(client)`
        with moved as (
          update pledges p set state = 'solicited', state_since = now(), channel = 'letter', source_campaign_id = ${campaignId},
            version = version + 1
          from organisations o
          where o.id = p.organisation_id and p.campaign_year = ${campaignYear} and p.state = 'to_solicit'
            and unsolicited_because(o) is null and exists (
              select from campaigns k join topics t on t.id = k.topic_id and t.key = 'taxe' where k.id = ${campaignId})
            and exists (
              select from affiliations a
              join deliveries d on d.contact_id = a.contact_id and d.campaign_id = ${campaignId} and d.status = 'sent'
              where a.organisation_id = p.organisation_id and a.ended_at is null)
          returning p.id
        )
        insert into pledge_events (pledge_id, from_state, to_state, user_id, data)
        select id, 'to_solicit', 'solicited', ${by}::int, '{"channel": "letter"}' from moved returning 1`;
      return rows.length === 0 ? refused("nobodyReached") : { ok: true, count: rows.length };
    },
  );
