import { sql } from "#lib/machine/db";
import type { InterestLevel } from "#lib/people/contacts/interest";

export type Interest = {
  level: InterestLevel;
  /** What decided, or the last thing they did when it was too long ago; null: they did nothing. */
  sign: "answered" | "wrote" | "came" | "chose" | "clicked" | null;
  at: Date | null;
  mailId: number | null;
  /** What they answered, followed or came to, or the newsletter they asked for. */
  name: string | null;
};

/** A contact's level and the event that decides it. */
export async function findInterest(contactId: number): Promise<Interest | null> {
  const [row] = await sql<Interest>`
    with told as (
      select interest_level(c.created_at, g.strong_at, g.mild_at, now()) as level, g.*,
        case when g.strong_at is null and g.mild_at is null then null
          when interest_level(c.created_at, g.strong_at, null, now()) = interest_level(c.created_at, g.strong_at, g.mild_at, now())
            and g.strong_at is not null
          then case g.strong_at when g.came_at then 'came' when g.answered_at then 'answered' else 'wrote' end
          when g.chose_at = g.mild_at then 'chose' else 'clicked' end as sign
      from contacts c left join contact_signs g on g.contact_id = c.id where c.id = ${contactId}
    )
    select level, sign, case sign when 'answered' then answered_at when 'wrote' then wrote_at when 'came' then came_at when 'chose' then chose_at when 'clicked' then clicked_at end as at,
      case sign when 'answered' then answer_id when 'wrote' then wrote_id end as "mailId",
      case sign when 'answered' then (select coalesce(nullif(k.name, ''), nullif(ct.subject, '')) from received_mails m
          join deliveries d on d.id = m.delivery_id join contents ct on ct.id = d.content_id left join campaigns k on k.id = d.campaign_id
          where m.id = answer_id)
        when 'came' then (select data ->> 'event' from activities where id = came_id)
        when 'chose' then (select name from topics where id = chose_topic_id)
        when 'clicked' then (select nullif(name, '') from campaigns where id = clicked_campaign_id) end as name
    from told`;
  return row ?? null;
}
