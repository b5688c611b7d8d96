import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { type Runner, sqlOn } from "#lib/machine/db";
import { wallClock } from "#lib/machine/paris";
import { type Result, refused } from "#lib/machine/result";
import { findRates } from "#lib/tax/rates/queries";
import { expectedOf, type MoveFault, moveFault, type PledgeState, type UnsolicitedReason } from "./rules.ts";
import type { MoveInput, PledgeInput } from "./schema.ts";

/** A card of the board: a company to solicit in a campaign, unless it must not be, or is there already. */
export function createPledge(
  input: PledgeInput,
  by: By,
): Promise<Result<{ id: number }, "pledgeThere" | "unsolicited" | "notFound">> {
  const { campaignYear, organisationId, covers, target } = input;
  return audited(
    ({ id }) => actOn("pledge.created", id, by, { campaignYear, organisationId }),
    async (client) => {
      const on = sqlOn(client);
      const [company] = await on<{ reason: string | null }>`
        select unsolicited_because(o) as reason from organisations o where id = ${organisationId} and archived_at is null`;
      if (!company) return refused("notFound");
      if (company.reason) return refused("unsolicited");
      const [row] = await on<{ id: number }>`
        insert into pledges (campaign_year, organisation_id, covers, target, owner_id)
        values (${campaignYear}, ${organisationId}, ${covers}, ${target}, ${by})
        on conflict (campaign_year, organisation_id, target) do nothing returning id`;
      if (!row) return refused("pledgeThere");
      await on`insert into pledge_events (pledge_id, to_state, user_id) values (${row.id}, 'to_solicit', ${by})`;
      return { ok: true, id: row.id };
    },
  );
}

/** The one way a person moves a pledge, by board or form. Whoever read an older version is refused. */
export function movePledge(
  input: MoveInput,
  by: By,
  now = new Date(),
): Promise<Result<{ version: number }, MoveFault | "conflict" | "notFound">> {
  const { id, version, to } = input;
  return audited(
    actOn("pledge.moved", id, by, { to }),
    async (client): Promise<Result<{ version: number }, MoveFault | "conflict" | "notFound">> => {
      const before = await readForMove(client, id);
      if (!before) return refused("notFound");
      if (before.version !== version) return refused("conflict");
      const { share, expected } = await expectedAfter(client, before, input);
      const fault = moveFault({
        ...before,
        from: before.state,
        to,
        share,
        expected: expected !== null,
        why: input.why,
        today: wallClock(now).slice(0, 10),
      });
      if (fault) return refused(fault);
      const allocatedOn = to === "allocated" ? (input.allocatedOn ?? before.allocatedOn) : before.allocatedOn;
      await sqlOn(client)`
        update pledges set state = ${to}, state_since = ${now}, share = ${share}, why = case when ${to} = 'thanked' then why else ${input.why} end,
          expected_low_cents = ${expected?.low ?? null}::bigint, expected_high_cents = ${expected?.high ?? null}::bigint,
          channel = coalesce(nullif(${input.channel}, ''), channel),
          contact_id = coalesce(${input.contactId ?? null}::int, contact_id), allocated_on = ${allocatedOn}::date,
          unverified = unverified and ${to} not in ('pledged', 'allocated'), version = version + 1
        where id = ${id}`;
      await sqlOn(client)`
        insert into pledge_events (pledge_id, at, from_state, to_state, user_id, data)
        values (${id}, ${now}, ${before.state}, ${to}, ${by}, ${JSON.stringify(input.why ? { why: input.why } : {})})`;
      return { ok: true, version: version + 1 };
    },
  );
}

type Before = {
  version: number;
  state: PledgeState;
  campaignYear: number;
  covers: "siret" | "siren";
  share: number | null;
  low: string | null;
  high: string | null;
  baseLow: string | null;
  baseHigh: string | null;
  allocatedOn: string | null;
  unsolicited: UnsolicitedReason | null;
  period2Closes: string | null;
  transfer2: string | null;
};

async function readForMove(client: Runner, id: number): Promise<Before | undefined> {
  const [row] = await sqlOn(client)<Before>`
    select p.version, p.state, p.campaign_year as "campaignYear", p.covers, p.share, p.expected_low_cents as low,
      p.expected_high_cents as high, b.low_cents as "baseLow", b.high_cents as "baseHigh",
      to_char(p.allocated_on, 'YYYY-MM-DD') as "allocatedOn", unsolicited_because(o) as unsolicited,
      (select to_char(day, 'YYYY-MM-DD') from tax_milestones m where m.campaign_year = p.campaign_year
        and kind = 'period2Closes' and superseded_at is null) as "period2Closes",
      (select to_char(day, 'YYYY-MM-DD') from tax_milestones m where m.campaign_year = p.campaign_year
        and kind = 'transfer2' and superseded_at is null) as transfer2
    from pledges p join organisations o on o.id = p.organisation_id
    left join company_bases b on b.organisation_id = p.organisation_id and b.campaign_year = p.campaign_year
      and b.superseded_at is null
    where p.id = ${id} for update of p`;
  return row;
}

/** What the pledge holds after the move: what was typed, else what the share makes of the base, else what it had. */
async function expectedAfter(client: Runner, before: Before, input: MoveInput) {
  const share = input.share ?? before.share;
  if (input.expected !== undefined) {
    const cents = BigInt(input.expected);
    return { share, expected: { low: cents, high: cents } };
  }
  const had =
    before.low === null || before.high === null
      ? null
      : { low: BigInt(before.low), high: BigInt(before.high) };
  if (input.share === undefined || before.baseLow === null || before.baseHigh === null)
    return { share, expected: had };
  const base = { low: BigInt(before.baseLow), high: BigInt(before.baseHigh) };
  return { share, expected: expectedOf(input.share, base, before.campaignYear, await findRates(client)) };
}
