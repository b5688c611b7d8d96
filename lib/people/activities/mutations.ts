import { type Runner, sqlOn } from "#lib/machine/db";

export type Activity = {
  /** `<noun>.<past participle>`, or one word of what came back: lib/messages says it (`activities`). */
  kind: string;
  contactId?: number | null;
  organisationId?: number | null;
  campaignId?: number | null;
  /** Null when nobody of the house did it. */
  userId?: number | null;
  data?: Record<string, unknown>;
};

/**
 * Writes down what happened to whom, in the transaction in which it happened.
 * @unaudited The timeline; whoever calls audits what a person did.
 */
export async function recordActivity(activity: Activity, client: Runner): Promise<void> {
  const {
    kind,
    contactId = null,
    organisationId = null,
    campaignId = null,
    userId = null,
    data = {},
  } = activity;
  await sqlOn(client)`
    insert into activities (kind, contact_id, organisation_id, campaign_id, user_id, data)
    values (${kind}, ${contactId}, ${organisationId}, ${campaignId}, ${userId}, ${JSON.stringify(data)})`;
}

/**
 * The same for many at once, as SQL: `rows` selects kind, contact_id, organisation_id, user_id and data, in this order;
 * `dated`, then when it happened, which is now otherwise.
 * @unaudited The timeline, as recordActivity’s.
 */
export const activitiesFrom = (rows: string, { dated = false } = {}): string =>
  `insert into activities (kind, contact_id, organisation_id, user_id, data${dated ? ", at" : ""}) ${rows}`;
