/**
 * Criteria to SQL. The text is made of the sentences below and of parameter numbers, nothing else: whatever was
 * typed travels as a value.
 */
import { interestSql } from "#lib/people/contacts/interest";
import type { Condition, Criteria, Group } from "#lib/people/segments/schema";

/**
 * A boolean SQL expression about the contact aliased `c`; never null. Values are appended to `values`, numbered
 * from what it already holds, so that it can be spliced in a larger statement.
 */
export function compileCriteria(criteria: Criteria, values: unknown[]): string {
  if (criteria.groups.length === 0) return "true";
  const groups = criteria.groups.map((group) => compileGroup(group, values));
  return `(${groups.join(criteria.match === "any" ? " or " : " and ")})`;
}

function compileGroup({ match, conditions }: Group, values: unknown[]): string {
  const parts = conditions.map((condition) => compileCondition(condition, values));
  if (match === "none") return `(not coalesce(${parts.join(" or ")}, false))`;
  return `coalesce(${parts.join(match === "any" ? " or " : " and ")}, false)`;
}

function compileCondition(condition: Condition, values: unknown[]): string {
  const value = (given: unknown) => `$${values.push(given)}`;
  switch (condition.field) {
    case "kind":
      return `c.kind = any(${value(condition.in)}::"ContactKind"[])`;
    case "graduationYear":
      return `c.graduation_year between ${value(condition.from ?? 0)}::int and ${value(condition.to ?? 9999)}::int`;
    case "city":
      return `c.city_key = fold_city(${value(condition.is)}::text)`;
    case "postcode":
      return frenchPostcode(condition.prefix, value);
    case "organisation":
      return `${condition.known ? "" : "not "}exists (select 1 from affiliations f join organisations o on o.id = f.organisation_id
        where f.contact_id = c.id and f.ended_at is null and o.archived_at is null)`;
    case "sector":
      return `exists (select 1 from affiliations f join organisations o on o.id = f.organisation_id
        where f.contact_id = c.id and f.ended_at is null and o.archived_at is null and fold(o.sector) = fold(${value(condition.is)}::text))`;
    case "source":
      return `exists (select 1 from external_identities e
        where e.contact_id = c.id and e.source_id = any(${value(condition.in)}::int[]))`;
    case "topic":
      return `exists (select 1 from subscriptions s where s.contact_id = c.id and s.topic_id = any(${value(condition.in)}::int[])
        and (s.unsubscribed_at is null or s.unsubscribed_at < s.subscribed_at))`;
    case "createdAfter":
      return `c.created_at >= (${value(condition.on)}::date::timestamp at time zone 'Europe/Paris')`;
    case "interest":
      return `(${condition.in.map(interestSql).join(" or ")})`;
    case "reachable":
      return `exists (select 1 from email_addresses a where a.contact_id = c.id and a.standing in ('ok', 'soft'))`;
  }
}

/** Corsica's two départements share postcodes in 20: 200 and 201 are 2A, 202 and 206 are 2B. */
const corsica: Record<string, string> = { "2A": "20[01]", "2B": "20[26]" };

/** Countries of French postcodes: overseas ones have a code of their own. Other countries have no département. */
const french = "FR,GP,MQ,GF,RE,YT,PM,BL,MF,WF,PF,NC".split(",");

function frenchPostcode(prefix: string, value: (given: unknown) => string): string {
  const start = `^${corsica[prefix] ?? prefix}`;
  return `(c.country = any(${value(french)}::text[]) and translate(c.postcode, ' ', '') ~ ${value(start)}::text
        and translate(c.postcode, ' ', '') ~ '^[0-9]{5}$')`;
}
