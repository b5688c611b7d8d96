/**
 * What transfers and public promises do to pledges. Their nouns call these in their own transaction and audit what was
 * done; nothing else makes a pledge received.
 */
import { type Runner, sqlOn } from "#lib/machine/db";
import { findRates } from "#lib/tax/rates/queries";
import { expectedOf, type PledgeState } from "./rules.ts";

type Promised = {
  campaignYear: number;
  organisationId: number;
  covers: "siret" | "siren";
  /** Hundredths of a percent: 4000 is 40 %. */
  share: number;
  /** What the company computed for itself on /taxe, whole solde, in cents; null: from the base we know. */
  soldeCents: bigint | null;
  contactId: number | null;
  /** The letter whose link was followed. */
  sourceCampaignId: number | null;
  channel: "form" | "link";
  /** Someone we already know there confirmed it from the address we know. */
  verified: boolean;
};

/**
 * A promise confirmed in public. It opens the company's pledge or moves it to `pledged`; a pledge that says more already
 * (pledged by others, allocated, received) stays as it is and only remembers that this was promised too: `changed` is
 * false. Anybody can promise for anybody, so `verified: false` marks it to be checked and takes nothing away of what
 * staff wrote: reason, letter, person and scope stay.
 * @unaudited Called by what confirms the promise, which audits.
 */
export async function promisePledge(
  promised: Promised,
  client: Runner,
): Promise<{ pledgeId: number; changed: boolean }> {
  const on = sqlOn(client);
  const { campaignYear, organisationId, covers, share, contactId, sourceCampaignId, channel, verified } =
    promised;
  await on`
    insert into pledges (campaign_year, organisation_id, covers) values (${campaignYear}, ${organisationId}, ${covers})
    on conflict (campaign_year, organisation_id, target) do nothing`;
  const [before] = await on<{ id: number; state: PledgeState; low: string | null; high: string | null }>`
    select p.id, p.state, b.low_cents as low, b.high_cents as high from pledges p
    left join company_bases b on b.organisation_id = p.organisation_id and b.campaign_year = p.campaign_year
      and b.superseded_at is null
    where p.campaign_year = ${campaignYear} and p.organisation_id = ${organisationId} and p.target = '' for update of p`;
  if (!before) throw new Error("no pledge");
  const expected = await expectation(client, promised, before);
  const changed = ["to_solicit", "solicited", "refused", "lapsed", "unallocated"].includes(before.state);
  if (changed)
    await on`
      update pledges set state = 'pledged', state_since = now(), share = ${share},
        expected_low_cents = ${expected?.low ?? null}::bigint, expected_high_cents = ${expected?.high ?? null}::bigint,
        contact_id = coalesce(${contactId}::int, contact_id), channel = ${channel},
        source_campaign_id = coalesce(${sourceCampaignId}::int, source_campaign_id), unverified = ${!verified},
        why = case when ${verified} then '' else why end, version = version + 1
      where id = ${before.id}`;
  await on`
    insert into pledge_events (pledge_id, from_state, to_state, data)
    values (${before.id}, ${before.state}, ${changed ? "pledged" : before.state}, ${JSON.stringify({ channel, share })})`;
  return { pledgeId: before.id, changed };
}

async function expectation(
  client: Runner,
  promised: Promised,
  base: { low: string | null; high: string | null },
) {
  const { soldeCents, share, campaignYear } = promised;
  if (soldeCents !== null) {
    const part = (soldeCents * BigInt(share) + 5_000n) / 10_000n;
    return { low: part, high: part };
  }
  if (base.low === null || base.high === null) return null;
  return expectedOf(
    share,
    { low: BigInt(base.low), high: BigInt(base.high) },
    campaignYear,
    await findRates(client),
  );
}

/**
 * The pledge of money that nobody had promised, made on the spot: `to_solicit`, channel `spontaneous`. Give it its
 * receipt at once with `applyReceipts`. A pledge of this company that is there already is returned instead.
 * @unaudited Called by what matches transfers, which audits.
 */
export async function openSpontaneous(
  { campaignYear, organisationId }: { campaignYear: number; organisationId: number },
  client: Runner,
): Promise<number> {
  const on = sqlOn(client);
  await on`
    insert into pledges (campaign_year, organisation_id, channel) values (${campaignYear}, ${organisationId}, 'spontaneous')
    on conflict (campaign_year, organisation_id, target) do nothing`;
  const [row] = await on<{ id: number }>`
    select id from pledges where campaign_year = ${campaignYear} and organisation_id = ${organisationId} and target = ''`;
  if (!row) throw new Error("no pledge");
  return row.id;
}

/** All that the matched lines of one pledge add up to now, in cents. */
export type Receipt = { pledgeId: number; cents: bigint };

/**
 * Makes pledges received, whatever state they were in: `cents` is the whole sum of the pledge's matches as they stand,
 * not what was added. Nought (every match undone) puts a pledge back where it was. What was thanked stays thanked as
 * long as money remains. Answers how many changed; giving the same sums twice changes nothing.
 * @unaudited Called by what matches transfers, which audits.
 */
export async function applyReceipts(receipts: Receipt[], by: number | null, client: Runner): Promise<number> {
  const rows = await sqlOn(client)`
    with told as (select * from unnest(${receipts.map(({ pledgeId }) => pledgeId)}::int[],
        ${receipts.map(({ cents }) => String(cents))}::bigint[]) as t (id, cents)),
    before as (
      select p.id, p.state, t.cents, case when t.cents = 0 then p.state_before when p.state = 'thanked' then 'thanked'
        else 'received' end as after
      from told t join pledges p on p.id = t.id where p.received_cents <> t.cents order by p.id for update of p
    ),
    done as (
      update pledges p set received_cents = b.cents, state = b.after, version = version + 1,
        state_before = case when b.cents > 0 then coalesce(p.state_before, p.state) end,
        state_since = case when b.after = b.state then p.state_since else now() end
      from before b where p.id = b.id
    )
    insert into pledge_events (pledge_id, from_state, to_state, user_id, data)
    select id, state, after, ${by}::int, jsonb_build_object('cents', cents) from before returning 1`;
  return rows.length;
}
