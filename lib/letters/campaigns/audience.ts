/** Who would receive a campaign, and who would not and why: the same sentence counts before and writes at launch. */
import { pool, type Runner } from "#lib/machine/db";
import { compileCriteria } from "#lib/people/segments/compile";
import type { Criteria } from "#lib/people/segments/schema";

/** Why somebody of the segment is left out. Two people never share an address (it is unique), so nobody is there twice. */
export const exclusionReasons = [
  "archived",
  "noAddress",
  "complaint",
  "hardBounce",
  "unsubscribed",
  "suppressed",
  "notSubscribed",
  "paused",
] as const;
export type ExclusionReason = (typeof exclusionReasons)[number];

export type Audience = { recipients: number; exclusions: Partial<Record<ExclusionReason, number>> };

export type Target = { topicId: number; criteria: Criteria };

/** Personal variables of the contact `c`: see emails/variables.ts. */
export const personSql = `jsonb_build_object(
    'contact', jsonb_build_object('firstName', c.first_name, 'lastName', c.last_name,
      'graduationYear', c.graduation_year, 'kind', c.kind, 'city', c.city),
    'organisation', jsonb_build_object('name', (select o.name from affiliations f
      join organisations o on o.id = f.organisation_id
      where f.contact_id = c.id and f.ended_at is null and o.archived_at is null
      order by f.started_at desc, f.id desc limit 1)))`;

/**
 * The same, and what the footer says of the reader, whose address is the row `a` of email_addresses and the newsletter
 * `topic` (SQL of its id): see emails/footer.ts.
 */
export const variablesSql = (topic: string) => `(jsonb_build_object(
    'reader', jsonb_build_object('locale', c.locale, 'source', (select name from sources where id = a.source_id), 'typed', coalesce(a.typed, false),
      'via', (select e.via from subscription_events e where e.contact_id = c.id and e.topic_id = ${topic}
        and e.change = 'subscribed' order by e.id desc limit 1))) || ${personSql})`;

/**
 * One row a contact of the segment: contact_id, address and address_hash (one that lives, the primary first: the SQL
 * function address_to_write), reason (null: will receive it; else noAddress or that of the SQL function opposition: decision 28), and
 * variables when asked for.
 */
export function audienceSql({ topicId, criteria }: Target, values: unknown[], variables = false): string {
  const topic = `$${values.push(topicId)}::int`;
  const where = compileCriteria(criteria, values);
  return `select c.id as contact_id, a.address, a.address_hash,
      case when a.address is null then 'noAddress' else o.reason end as reason${variables ? `, ${variablesSql("t.id")} as variables` : ""}
    from contacts c
    join topics t on t.id = ${topic}
    left join lateral address_to_write(c.id) a on true
    cross join lateral opposition(a.address_hash, c.id, ${topic}, 'newsletter') o
    where ${where}`;
}

/** How many would receive it now, and how many of the segment would not, by reason. */
export async function countAudience(target: Target, runner: Runner = pool()): Promise<Audience> {
  const values: unknown[] = [];
  const { rows } = await runner.query<{ reason: ExclusionReason | null; n: number }>({
    text: `select reason, count(*)::int as n from (${audienceSql(target, values)}) audience group by reason`,
    values,
  });
  return tally(rows);
}

export function tally(rows: { reason: ExclusionReason | null; n: number }[]): Audience {
  const exclusions: Audience["exclusions"] = {};
  let recipients = 0;
  for (const { reason, n } of rows) {
    if (reason === null) recipients = n;
    else exclusions[reason] = n;
  }
  return { recipients, exclusions };
}
