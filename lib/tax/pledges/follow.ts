/** Following a pledge up: who owns it, what comes next, what was said on the telephone, what was paid to the wrong place. */
import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { recordActivity } from "#lib/people/activities/mutations";
import type { ContactLogInput, DirectPaymentInput, EditInput } from "./schema.ts";

/** Owner, next step, scope, who opened the door and what the company says of its declaration. Whoever read an older version is refused. */
export const editPledge = (input: EditInput, by: By): Promise<Result<unknown, "conflict">> =>
  audited(actOn("pledge.updated", input.id, by), async (client) => {
    const { id, version, covers, ownerId, nextStep, nextOn, openedBy, correction } = input;
    const rows = await sqlOn(client)`
      update pledges set covers = ${covers}, owner_id = ${ownerId ?? null}::int, next_step = ${nextStep},
        next_on = ${nextOn ?? null}::date, opened_by = ${openedBy ?? null}::int, correction_cents = ${correction}::bigint,
        version = version + 1
      where id = ${id} and version = ${version} returning 1`;
    return rows.length === 0 ? refused("conflict") : { ok: true };
  });

/** A call or a mail, in the timeline of the company and of whom one spoke to; the reminders of the pledge are done. */
export const logContact = (input: ContactLogInput, by: By): Promise<Result<unknown, "notFound">> =>
  audited(
    actOn("pledge.contacted", input.id, by, { kind: input.kind }),
    async (client): Promise<Result<unknown, "notFound">> => {
      const { id, kind, contactId = null, note } = input;
      const on = sqlOn(client);
      const [pledge] = await on<{ organisationId: number }>`
        select organisation_id as "organisationId" from pledges where id = ${id}`;
      if (!pledge) return refused("notFound");
      await on`update pledge_reminders set done_at = now() where pledge_id = ${id} and done_at is null`;
      const { organisationId } = pledge;
      const data = { pledgeId: id, note };
      await recordActivity(
        { kind: `pledge.${kind}`, organisationId, contactId, userId: by ?? null, data },
        client,
      );
      return { ok: true };
    },
  );

/** Money that a company sent to us: it must go back, and counts nowhere. */
export const recordDirectPayment = (
  input: DirectPaymentInput,
  by: By,
): Promise<Result<unknown, "notFound">> =>
  audited(
    actOn("organisation.directPayment", input.organisationId, by, { campaignYear: input.campaignYear }),
    async (client): Promise<Result<unknown, "notFound">> => {
      const { organisationId, campaignYear, amount, means, cameOn } = input;
      const rows = await sqlOn(client)`
        insert into direct_payments (organisation_id, campaign_year, cents, means, came_on, recorded_by)
        select o.id, ${campaignYear}, ${amount}::bigint, ${means}, ${cameOn}::date, ${by}::int from organisations o
        where o.id = ${organisationId} returning id`;
      return rows.length === 0 ? refused("notFound") : { ok: true };
    },
  );

/** It went back to the company, on `day` (`2026-06-02`); once. */
export const returnDirectPayment = (
  id: number,
  day: string,
  by: By,
): Promise<Result<{ organisationId: number }, "alreadyReturned">> =>
  audited(
    ({ organisationId }) => actOn("organisation.paymentReturned", organisationId, by),
    async (client): Promise<Result<{ organisationId: number }, "alreadyReturned">> => {
      const [row] = await sqlOn(client)<{ organisationId: number }>`
        update direct_payments set returned_on = greatest(came_on, ${day}::date)
        where id = ${id} and returned_on is null returning organisation_id as "organisationId"`;
      return row ? { ok: true, ...row } : refused("alreadyReturned");
    },
  );

/**
 * Opens a campaign: a card to solicit for each company that gave or promised in the year before, or where somebody
 * decides, pays or declares; none that must not be solicited, none twice. Owners come from the year before.
 */
export const openCampaign = (
  campaignYear: number,
  by: By,
): Promise<Result<{ count: number }, "nothingToOpen">> =>
  audited(
    ({ count }) => ({
      userId: by,
      action: "pledge.campaignOpened",
      subject: "pledge",
      data: { campaignYear, count },
    }),
    async (client): Promise<Result<{ count: number }, "nothingToOpen">> => {
      const rows = await sqlOn(client)`
        with told as (
          insert into pledges (campaign_year, organisation_id, covers, owner_id)
          select ${campaignYear}, o.id, coalesce(last.covers, 'siret'), last.owner_id
          from organisations o
          left join lateral (
            select p.covers, p.owner_id from pledges p where p.organisation_id = o.id and p.campaign_year = ${campaignYear - 1}
            order by p.id limit 1) last on true
          where o.archived_at is null and unsolicited_because(o) is null and (last.covers is not null or exists (
            select from affiliations a where a.organisation_id = o.id and a.ended_at is null
              and a.role in ('decision_maker', 'payroll', 'accountant')))
          on conflict (campaign_year, organisation_id, target) do nothing returning id
        )
        insert into pledge_events (pledge_id, to_state, user_id) select id, 'to_solicit', ${by}::int from told returning 1`;
      return rows.length === 0 ? refused("nothingToOpen") : { ok: true, count: rows.length };
    },
  );
