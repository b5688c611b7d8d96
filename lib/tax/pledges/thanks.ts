/** Notes of thanks: a text of the campaign merged with each gift, and what it says once they left. */
import { audited, type By } from "#lib/department/audit/mutations";
import { sql } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { activitiesFrom } from "#lib/people/activities/mutations";
import { noteVariables } from "#lib/tax/years/rules";

export type Gift = {
  pledgeId: number;
  organisationId: number;
  company: string;
  street: string;
  postcode: string;
  city: string;
  /** Who promised, else who decides there today. */
  person: string;
  contactId: number | null;
  /** Theirs, else the company's. */
  email: string;
  receivedCents: string;
  thanked: boolean;
  since: Date;
};

/** Whom to thank first, then whom we thanked, each by name: a thousand at most. */
export const listGifts = (campaignYear: number) => sql<Gift>`
  select p.id as "pledgeId", o.id as "organisationId", o.name as company, o.street, o.postcode, o.city, coalesce(who.name, '') as person,
    who.id as "contactId", coalesce(who.email, o.email) as email, p.received_cents as "receivedCents", p.state = 'thanked' as thanked,
    p.state_since as since
  from pledges p join organisations o on o.id = p.organisation_id
  left join lateral (
    select c.id, btrim(c.first_name || ' ' || c.last_name) as name,
      (select e.address from email_addresses e where e.contact_id = c.id order by e.is_primary desc, e.id limit 1) as email
    from contacts c left join affiliations a on a.contact_id = c.id and a.organisation_id = o.id and a.ended_at is null
    where c.archived_at is null and (c.id = p.contact_id or a.role = 'decision_maker')
    order by (c.id = p.contact_id) desc nulls last, a.id limit 1) who on true
  where p.campaign_year = ${campaignYear} and p.state in ('received', 'thanked')
  order by p.state = 'thanked', o.sort_name, p.id limit 1000`;

/** The note that ships: French, as letters to companies are. */
export const noteStarter = `Madame, Monsieur,

Au titre de la campagne {{ gift.year }}, {{ organisation.name }} a affecté {{ gift.amount }} de son solde de taxe d’apprentissage à notre formation. Merci de votre confiance.

Grâce à vous, nos étudiants ont :
{{ department.uses }}

Ils seront heureux de vous le montrer : notre porte vous est ouverte.`;

type Values = Record<(typeof noteVariables)[number], string>;

/** The text with its `{{ variables }}`; what leads to uses that nobody told is left out, and no double space remains. */
export const mergeNote = (text: string, values: Values): string =>
  text
    .split(/\n{2,}/)
    .filter(
      (paragraph) => values["department.uses"] !== "" || !/\{\{\s*department\.uses\s*\}\}/.test(paragraph),
    )
    .join("\n\n")
    .replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) =>
      (noteVariables as readonly string[]).includes(name) ? values[name as keyof Values] : whole,
    )
    .replace(/[ \t]{2,}/g, " ")
    .replace(/[ \t]+([,.\n])/g, "$1");

/**
 * Says that the notes of these gifts have left: their pledges are thanked, and the timeline of each company has it. Those
 * that a colleague thanked meanwhile, or whose money went, are left as they are.
 */
export const thankDonors = (
  { campaignYear, pledgeIds }: { campaignYear: number; pledgeIds: number[] },
  by: By,
): Promise<Result<{ count: number }, "nobodyToThank">> =>
  audited(
    ({ count }) => ({
      userId: by,
      action: "pledge.thanked",
      subject: "pledge",
      data: { campaignYear, count },
    }),
    async (client): Promise<Result<{ count: number }, "nobodyToThank">> => {
      const { rows } = await client.query({
        text: `with moved as (
          update pledges set state = 'thanked', state_since = now(), version = version + 1
          where campaign_year = $1 and id = any($2::int[]) and state = 'received' returning id, organisation_id, contact_id
        ), told as (
          insert into pledge_events (pledge_id, from_state, to_state, user_id) select id, 'received', 'thanked', $3::int from moved
        )
        ${activitiesFrom("select 'pledge.thanked', contact_id, organisation_id, $3::int, jsonb_build_object('pledgeId', id) from moved")}
        returning 1`,
        values: [campaignYear, pledgeIds, by],
      });
      return rows.length === 0 ? refused("nobodyToThank") : { ok: true, count: rows.length };
    },
  );
