import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { type Runner, sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { type Days, milestoneKinds } from "./rules.ts";
import type { CalendarInput, EstablishmentInput, ThanksTextInput } from "./schema.ts";

/** Our establishment in a campaign. Whoever read an older row than is there now is refused. */
export function saveEstablishment(input: EstablishmentInput, by: By): Promise<Result<unknown, "conflict">> {
  const { campaignYear, version, uai, iban, accreditedUntil = null, goal, hourly, uses } = input;
  return audited(actOn("settings.taxYear", 1, by, { campaignYear }), async (client) => {
    const on = sqlOn(client);
    const rows = version
      ? await on`
          update tax_years set uai = ${uai}, iban_end = case when ${iban} = '' then iban_end else right(${iban}, 4) end,
            accredited_until = ${accreditedUntil}::date, goal_cents = ${goal}::bigint, hourly_cents = ${hourly}::bigint,
            uses = ${uses}, updated_at = now()
          where campaign_year = ${campaignYear} and date_trunc('milliseconds', updated_at) = ${version}::timestamptz returning 1`
      : await on`
          insert into tax_years (campaign_year, uai, iban_end, accredited_until, goal_cents, hourly_cents, uses)
          values (${campaignYear}, ${uai}, right(${iban}, 4), ${accreditedUntil}::date, ${goal}::bigint, ${hourly}::bigint, ${uses})
          on conflict do nothing returning 1`;
    return rows.length === 0 ? refused("conflict") : { ok: true };
  });
}

/** The note of thanks of a campaign. Whoever read an older row than is there now is refused. */
export function saveThanks(input: ThanksTextInput, by: By): Promise<Result<unknown, "conflict">> {
  const { campaignYear, version, thanks } = input;
  return audited(actOn("settings.taxThanks", 1, by, { campaignYear }), async (client) => {
    const rows = await sqlOn(client)`
      insert into tax_years (campaign_year, thanks) values (${campaignYear}, ${thanks})
      on conflict (campaign_year) do update set thanks = excluded.thanks, updated_at = now()
        where date_trunc('milliseconds', tax_years.updated_at) = ${version ?? null}::timestamptz returning 1`;
    return rows.length === 0 ? refused("conflict") : { ok: true };
  });
}

/**
 * The calendar of a campaign as it is known now. Only dates that differ are written, each as a new row beside the former;
 * a date that is left empty is taken away the same way. Without a source nothing may change, and whoever read an older
 * calendar would take a colleague's dates back.
 */
export function saveCalendar(
  input: CalendarInput,
  by: By,
): Promise<Result<unknown, "conflict" | "noSource" | "unchanged">> {
  const { campaignYear, version = null, source } = input;
  return audited(actOn("settings.taxCalendar", 1, by, { campaignYear }), async (client) => {
    const on = sqlOn(client);
    await on`insert into tax_years (campaign_year) values (${campaignYear}) on conflict do nothing`;
    await on`select from tax_years where campaign_year = ${campaignYear} for update`;
    const [newer] = await on`
      select from tax_milestones where campaign_year = ${campaignYear}
        and recorded_at > coalesce(${version}::timestamptz, '-infinity') limit 1`;
    if (newer) return refused("conflict");
    const changed = await changes(client, campaignYear, input);
    if (changed.length === 0) return refused("unchanged");
    if (source === "") return refused("noSource");
    const kinds = changed.map(({ kind }) => kind);
    await on`
      update tax_milestones set superseded_at = now()
      where campaign_year = ${campaignYear} and superseded_at is null and kind = any(${kinds}::text[])`;
    await on`
      insert into tax_milestones (campaign_year, kind, day, source, recorded_by)
      select ${campaignYear}, kind, day, ${source}, ${by}
      from unnest(${kinds}::text[], ${changed.map(({ day }) => day)}::date[]) as told (kind, day)`;
    return { ok: true };
  });
}

async function changes(client: Runner, campaignYear: number, days: Days) {
  const rows = await sqlOn(client)<{ kind: string; day: string | null }>`
    select kind, to_char(day, 'YYYY-MM-DD') as day from tax_milestones
    where campaign_year = ${campaignYear} and superseded_at is null`;
  const now = new Map(rows.map(({ kind, day }) => [kind, day]));
  return milestoneKinds
    .map((kind) => ({ kind, day: days[kind] ?? null }))
    .filter(({ kind, day }) => (now.get(kind) ?? null) !== day);
}
