import { sql } from "#lib/machine/db";
import type { DeliveryName } from "#lib/machine/tokens";
import { clickConsentVersion } from "#lib/people/consents/rules";

/** Seconds after a letter was accepted in which filters follow its links, and people have not read it. */
const scannersTime = 60;

/**
 * Where a numbered link of a campaign leads, counting the click for the link and the day and for nobody (CNIL
 * 2026-042: no person-level measure without consent). Null when the campaign has no such link: nothing is counted, and
 * nothing but an address frozen at launch is ever followed. `counted` false only reads (machines, previews).
 * `reader`: the delivery that the link named; that its person followed this letter today is noted once, if the letter is
 * of this campaign, left more than a minute ago, and their consent stands now. Otherwise the name is forgotten here.
 * @unaudited A reader’s click is counted without the reader, whom no journal may name; under their consent, its row says it.
 */
export async function followLink(
  campaignId: number,
  link: number,
  counted: boolean,
  reader: DeliveryName | null = null,
): Promise<string | null> {
  const [row] = await sql<{ url: string | null }>`
    with target as (
      select links ->> ${link}::int as url from contents where campaign_id = ${campaignId} and kind = 'campaign' and ${link}::int >= 0
    ), clicked as (
      select (clock_timestamp() at time zone 'Europe/Paris')::date as today from target where url is not null and ${counted}::boolean
    ), counted as (
      insert into link_clicks as c (campaign_id, link, on_day, clicks)
      select ${campaignId}, ${link}, today, 1 from clicked
      on conflict (campaign_id, link, on_day) do update set clicks = c.clicks + 1
    ), standing as materialized (
      -- Waits for whoever takes it back at this moment, and then finds nothing.
      select k.contact_id, d.campaign_id, today from clicked, deliveries d join click_consents k on k.contact_id = d.contact_id
      where d.id = ${reader?.id ?? null}::int and d.generation = ${reader?.generation ?? null}::int and d.campaign_id = ${campaignId}
        and k.version = ${clickConsentVersion} and d.status in ('sent', 'unknown')
        and coalesce(d.settled_at, d.unknown_at) < clock_timestamp() - make_interval(secs => ${scannersTime})
      for key share of k
    ), noted as (
      insert into reader_clicks (contact_id, campaign_id, on_day) select * from standing on conflict do nothing
    )
    select url from target`;
  return row?.url && /^https?:\/\//i.test(row.url) ? row.url : null;
}
