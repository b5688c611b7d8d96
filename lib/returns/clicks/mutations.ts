import { sql } from "#lib/machine/db";

/**
 * Where a numbered link of a campaign leads, counting the click for the link and the day and for nobody (CNIL
 * 2026-042: no person-level measure without consent). Null when the campaign has no such link: nothing is counted, and
 * nothing but an address frozen at launch is ever followed. `counted` false only reads (machines, previews).
 * @unaudited A reader’s click is counted without the reader, whom no journal may name.
 */
export async function followLink(campaignId: number, link: number, counted: boolean): Promise<string | null> {
  const [row] = await sql<{ url: string | null }>`
    with target as (
      select links ->> ${link}::int as url from contents where campaign_id = ${campaignId} and kind = 'campaign' and ${link}::int >= 0
    ), counted as (
      insert into link_clicks as c (campaign_id, link, on_day, clicks)
      select ${campaignId}, ${link}, (clock_timestamp() at time zone 'Europe/Paris')::date, 1 from target
      where url is not null and ${counted}::boolean
      on conflict (campaign_id, link, on_day) do update set clicks = c.clicks + 1
    )
    select url from target`;
  return row?.url && /^https?:\/\//i.test(row.url) ? row.url : null;
}
