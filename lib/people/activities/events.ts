import { sql } from "#lib/machine/db";
import type { Event } from "#lib/people/activities/came";

/** What people came to, the latest days first: so that nobody types it twice. */
export const listEvents = (limit = 6) => sql<Event>`
  select distinct data ->> 'event' as event, data ->> 'on' as "on" from activities where kind = 'came'
  order by "on" desc, event limit ${limit}`;
