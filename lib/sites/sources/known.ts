/** What a site may answer « unchanged » to: the state of its table, or the marks of its file (RFC 9110, 8.8 and 13.1). */
import type { IncomingHttpHeaders } from "node:http";
import { sql } from "#lib/machine/db";

/** Of the last run; null or empty where there is none that may be relied on. */
export type Known = { state: string; etag: string | null; lastModified: string | null; people: number };

const nothing: Known = { state: "", etag: null, lastModified: null, people: 0 };

/**
 * Of the last run, if it was read whole, written without leaving anybody aside, not undone since, and under the settings
 * of today. Once a day everything is read all the same: a row that waited for somebody here may do now.
 */
export async function findKnown(run: { id: number; sourceId: number }): Promise<Known> {
  const [last] = await sql<Known & { refused: boolean }>`
    select coalesce(r.site_state, '') as state, r.etag, r.last_modified as "lastModified", r.rows_read as people, r.rejected > 0 as refused
    from sync_runs r join sources s on s.id = r.source_id
    where r.id = (select id from sync_runs where source_id = ${run.sourceId} and id < ${run.id} and status <> 'failed' order by id desc limit 1)
      and r.status = 'succeeded' and r.origin = 'pull' and r.proposal_id is null and r.created_at > s.updated_at
      and not exists (select from sync_runs w join change_sets c on c.id = w.change_set_id
        where w.source_id = s.id and c.status::text like 'undo%' and coalesce(c.undone_at, 'infinity') > r.created_at)
      and exists (select from sync_runs f where f.source_id = s.id and f.bytes_read > 0 and f.status = 'succeeded' and f.origin = 'pull'
        and coalesce(f.site_state, f.etag, f.last_modified) is not null and f.created_at > now() - interval '1 day')`;
  if (!last) return nothing;
  const { refused, ...known } = last;
  return refused ? { ...nothing, state: known.state } : known;
}

/** The marks of an answer, as they are shown to its site again. */
export type Marks = Pick<Known, "etag" | "lastModified">;

/** A date that is not past by a second says nothing: the file may change within the same one. */
export function marksOf({ etag, date, "last-modified": modified }: IncomingHttpHeaders): Marks {
  const age = Date.parse(date ?? new Date().toUTCString()) - Date.parse(modified ?? "");
  return {
    etag: etag && /^(W\/)?"[\x21\x23-\x7e]{0,400}"$/.test(etag) ? etag : null,
    lastModified: modified && age >= 1000 ? new Date(modified).toUTCString() : null,
  };
}

export const conditionsOf = ({ etag, lastModified }: Marks): Record<string, string> => ({
  ...(etag && { "if-none-match": etag }),
  ...(lastModified && { "if-modified-since": lastModified }),
});
