/** The deliveries nobody heard back about, with all that is known of each: what people decide from. */

import { ordinaryWaits } from "#lib/letters/deliveries/evidence";
import { type FailureKey, failureKeys } from "#lib/letters/relays/schema";
import { sql } from "#lib/machine/db";

/**
 * Why the Sent folder has not settled it yet: `sandbox` and `soon` settle by themselves within a minute or two;
 * `tooEarly` and `noControl` may; the others do not.
 */
export type Standing =
  | "sandbox"
  | "soon"
  | "tooEarly"
  | "noControl"
  | "noMailbox"
  | "unreadable"
  | "noCopies"
  | "newFolder"
  | "tooOld";

export type UnknownRow = {
  id: number;
  campaignId: number | null;
  contactId: number | null;
  name: string | null;
  address: string;
  /** Of letters. */
  subject: string;
  announcedAt: Date | null;
  unknownAt: Date;
  relay: string | null;
  reason: string | null;
  /** The last words of the server, if any. */
  reply: string | null;
  standing: Standing;
  failure: FailureKey | null;
  lookedAt: Date | null;
  looks: number;
  dueAt: Date | null;
  /** When the nearest messages were announced whose copies were there. */
  earlierAt: Date | null;
  laterAt: Date | null;
};

type Facts = Omit<UnknownRow, "standing" | "failure"> & {
  kind: "sandbox" | "smtp" | null;
  hasMailbox: boolean;
  error: string | null;
  filesCopies: boolean | null;
  verdict: "tooEarly" | "noControl" | "noCopies" | "newFolder" | null;
  tooOld: boolean;
};

/** One page of them, of a campaign or (null) of letters. `after` is the `next` of the page before. */
export async function listUnknown(campaignId: number | null, after = 0, size = 50) {
  const rows = await sql<Facts>`
    select d.id, d.campaign_id as "campaignId", d.contact_id as "contactId",
      nullif(concat_ws(' ', nullif(c.first_name, ''), c.last_name), '') as name, d.address, ct.subject,
      d.announced_at as "announcedAt", d.unknown_at as "unknownAt", r.name as relay, d.reason, nullif(d.reply, '') as reply,
      r.kind, coalesce(m.host <> '', false) as "hasMailbox", f.error, f.files_copies as "filesCopies", l.verdict, d.unknown_at <= now() - make_interval(secs => ${ordinaryWaits.most}) as "tooOld",
      l.looked_at as "lookedAt", coalesce(l.looks, 0) as looks, l.due_at as "dueAt",
      earlier.announced_at as "earlierAt", later.announced_at as "laterAt"
    from deliveries d
    join contents ct on ct.id = d.content_id
    left join contacts c on c.id = d.contact_id
    left join relays r on r.id = d.relay_id
    left join mailboxes m on m.relay_id = r.id
    left join sent_folders f on f.relay_id = r.id
    left join lookups l on l.delivery_id = d.id and l.looked_at > d.unknown_at
    left join deliveries earlier on earlier.id = l.earlier_id
    left join deliveries later on later.id = l.later_id
    where d.status = 'unknown' and d.campaign_id is not distinct from ${campaignId}::int and d.id > ${after}
    order by d.id limit ${size + 1}`;
  const page = rows
    .slice(0, size)
    .map(({ kind, hasMailbox, error, filesCopies, verdict, tooOld, ...row }) => ({
      ...row,
      dueAt: tooOld ? null : row.dueAt,
      standing: standingOf({ kind, hasMailbox, error, filesCopies, verdict, tooOld }),
      failure: error === null ? null : (failureKeys.find((key) => key === error) ?? ("unknown" as const)),
    }));
  return { rows: page satisfies UnknownRow[], next: rows.length > size ? (page.at(-1)?.id ?? null) : null };
}

type Known = Pick<Facts, "kind" | "hasMailbox" | "error" | "filesCopies" | "verdict" | "tooOld">;

function standingOf({ kind, hasMailbox, error, filesCopies, verdict, tooOld }: Known): Standing {
  if (kind === "sandbox") return "sandbox";
  if (!hasMailbox) return "noMailbox";
  if (tooOld) return "tooOld";
  if (error !== null) return "unreadable";
  if (verdict === "newFolder") return verdict;
  if (filesCopies === false) return "noCopies";
  return verdict ?? "soon";
}

/** How many of a campaign, or (null) of letters, counted up to `most`. */
export async function countUnknown(campaignId: number | null, most = 10_000): Promise<number> {
  const [row] = await sql<{ n: number }>`
    select count(*)::int as n from (
      select 1 from deliveries where status = 'unknown' and campaign_id is not distinct from ${campaignId}::int limit ${most}) bounded`;
  return row?.n ?? 0;
}
