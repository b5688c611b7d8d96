/** What staff decide of a relay's pace: its limits, its warm-up, its limits by domain; and forgetting what replies taught. */
import { actOn, audited, auditedRows, type By } from "#lib/department/audit/mutations";
import type { DomainInput, LimitsInput } from "#lib/letters/ledger/schema";
import { sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/** No window is known to be used up any more: the engine counts again at its next claim. */
const recount = { spentUntil: null, spentWindow: null } as const;
const inUse = (id: number) => ({ id, archivedAt: null, kind: "smtp" as const });

export const setLimits = ({ id, ...limits }: LimitsInput, by: By): Promise<Result<object, "notFound">> =>
  auditedRows(actOn("relay.limits", id, by, limits), async (rows) => {
    const { count } = await rows.relay.updateMany({ where: inUse(id), data: { ...limits, ...recount } });
    return count === 1 ? ok : refused("notFound");
  });

/** `nothingLearned`: it lapsed meanwhile, or somebody was faster. */
export const forgetLearned = (id: number, by: By): Promise<Result<object, "nothingLearned">> =>
  auditedRows(actOn("relay.forgot", id, by), async (rows) => {
    const { count } = await rows.relay.updateMany({
      where: { ...inUse(id), learnedUntil: { not: null } },
      data: {
        learnedConnections: null,
        learnedPerMinute: null,
        learnedPerDay: null,
        learnedUntil: null,
        ...recount,
      },
    });
    return count === 1 ? ok : refused("nothingLearned");
  });

/** Counts from now, which is its first day. `alreadyWarming`: stop it first. */
export const startWarmUp = (
  id: number,
  from: number,
  days: number,
  by: By,
): Promise<Result<object, "alreadyWarming">> =>
  audited(actOn("relay.warmUpStarted", id, by, { from, days }), async (client) => {
    const rows = await sqlOn(client)`
      update relays set warm_up_from = ${from}, warm_up_days = ${days}, warm_up_since = now(), spent_until = null, spent_window = null
      where id = ${id} and archived_at is null and kind = 'smtp'
        and (warm_up_since is null or warm_up_since + make_interval(days => warm_up_days) <= now())
      returning id`;
    return rows.length === 1 ? ok : refused("alreadyWarming");
  });

export const stopWarmUp = (id: number, by: By): Promise<Result<object, "notWarming">> =>
  auditedRows(actOn("relay.warmUpStopped", id, by), async (rows) => {
    const { count } = await rows.relay.updateMany({
      where: { ...inUse(id), warmUpSince: { not: null } },
      data: { warmUpFrom: null, warmUpDays: null, warmUpSince: null, ...recount },
    });
    return count === 1 ? ok : refused("notWarming");
  });

/** Adds a domain's limits, or replaces them; what replies taught of it stays until it lapses. */
export const setDomainLimits = ({ id, ...asked }: DomainInput, by: By): Promise<Result<object, "notFound">> =>
  audited(actOn("relay.domainLimits", id, by, asked), async (client) => {
    const { domain, perMinute, perHour, perDay } = asked;
    const rows = await sqlOn(client)`
      insert into relay_domains as d (relay_id, domain, per_minute, per_hour, per_day)
      select id, ${domain}, ${perMinute}::int, ${perHour}::int, ${perDay}::int from relays
      where id = ${id} and archived_at is null and kind = 'smtp'
      on conflict (relay_id, domain) do update
        set per_minute = excluded.per_minute, per_hour = excluded.per_hour, per_day = excluded.per_day, next_at = now()
      returning domain`;
    return rows.length === 1 ? ok : refused("notFound");
  });

/** Removes staff's limits; a slow-down that replies taught goes on. */
export const removeDomainLimits = (id: number, domain: string, by: By): Promise<Result<object, "notFound">> =>
  audited(actOn("relay.domainRemoved", id, by, { domain }), async (client) => {
    const rows = await sqlOn(client)`
      with kept as (
        update relay_domains set per_minute = null, per_hour = null, per_day = null
        where relay_id = ${id} and domain = ${domain} and slow_until > now() and num_nonnulls(per_minute, per_hour, per_day) > 0
        returning domain
      ), gone as (
        delete from relay_domains
        where relay_id = ${id} and domain = ${domain} and (slow_until is null or slow_until <= now())
        returning domain
      )
      select domain from kept union all select domain from gone`;
    return rows.length === 1 ? ok : refused("notFound");
  });

/** Forgets a slow-down; staff's limits stay. What was put off because of it is asked again within the hour. */
export const forgetSlowDown = (
  id: number,
  domain: string,
  by: By,
): Promise<Result<object, "nothingLearned">> =>
  audited(actOn("relay.domainForgot", id, by, { domain }), async (client) => {
    const rows = await sqlOn(client)`
      with gone as (
        delete from relay_domains
        where relay_id = ${id} and domain = ${domain} and slow_until is not null and num_nonnulls(per_minute, per_hour, per_day) = 0
        returning domain
      ), kept as (
        update relay_domains set learned_per_minute = null, slow_until = null, strikes = 0, next_at = now()
        where relay_id = ${id} and domain = ${domain} and slow_until is not null and num_nonnulls(per_minute, per_hour, per_day) > 0
        returning domain
      )
      select domain from gone union all select domain from kept`;
    return rows.length === 1 ? ok : refused("nothingLearned");
  });
