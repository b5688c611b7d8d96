import { cleanRich, textOf } from "#lib/letters/drafts/rich";
import { faultOf } from "#lib/letters/saved-replies/rules";
import { mostReplies, type ReplyInput } from "#lib/letters/saved-replies/schema";
import { sql } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/**
 * Writes one down, or anew: one's own, or one that is shared. `variables`: what it says between braces is nothing we know.
 * @unaudited Words to begin a letter with: the letter itself is audited.
 */
export async function saveReply(
  { id, title, html, shared }: ReplyInput,
  by: number,
): Promise<Result<object, "noText" | "variables" | "tooManyReplies" | "notFound">> {
  const clean = cleanRich(html);
  const text = textOf(clean);
  if (text === "") return refused("noText");
  if (faultOf(text)) return refused("variables");
  const rows =
    id === null
      ? await sql`
          insert into saved_replies (user_id, title, html, shared) select ${by}, ${title}, ${clean}, ${shared}
          where (select count(*) from saved_replies where user_id = ${by}) < ${mostReplies} returning id`
      : await sql`
          update saved_replies set title = ${title}, html = ${clean}, shared = ${shared}, updated_at = clock_timestamp()
          where id = ${id} and (user_id = ${by} or shared) returning id`;
  if (rows.length === 1) return ok;
  return refused(id === null ? "tooManyReplies" : "notFound");
}

/** @unaudited Words to begin a letter with: no letter changes. */
export async function removeReply(id: number, by: number): Promise<Result<object, "notFound">> {
  const rows =
    await sql`delete from saved_replies where id = ${id} and (user_id = ${by} or shared) returning id`;
  return rows.length === 1 ? ok : refused("notFound");
}
