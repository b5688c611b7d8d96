/** From the queue back to a draft, for as long as nothing has left. */
import { actOn, audited } from "#lib/department/audit/mutations";
import { detach } from "#lib/letters/attachments/mutations";
import { setAside } from "#lib/letters/deliveries/set-aside";
import { removeLetters } from "#lib/letters/threads/mutations";
import { type Runner, sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { forgetAwaiting } from "#lib/people/tasks/awaiting";

/**
 * Takes a letter back while all of its deliveries wait in the queue; one that is leaving, or gone, cannot be. It is a
 * draft again, with everything that was typed.
 */
export const withdraw = (draftId: number, by: number): Promise<Result<{ id: number }, "tooLate">> =>
  audited(actOn("letter.withdrawn", draftId, by), async (client) => {
    const letters = (await lettersOf(client, by, draftId)).get(draftId);
    if (!letters?.every(isWaiting)) return refused("tooLate");
    await takeBack(client, draftId, letters);
    return { ...ok, id: draftId };
  });

/**
 * Whoever may write no more has nothing leave in their name: what waits is a draft again, and of a letter that some have
 * received, the rest does not leave.
 * @unaudited Part of closing an account or changing its role, which audits.
 */
export async function withdrawAll(client: Runner, authorId: number): Promise<void> {
  for (const [draftId, letters] of await lettersOf(client, authorId))
    await takeBack(client, draftId, letters);
}

type Waiting = { draftId: number; id: number; status: string };
const isWaiting = ({ status }: Waiting) => status === "queued";

/** The deliveries of what an author sent and may still undo, or of one draft of theirs, by draft; locked. */
async function lettersOf(client: Runner, authorId: number, draftId: number | null = null) {
  const rows = await sqlOn(client)<Waiting>`
    select f.id as "draftId", d.id, d.status::text
    from drafts f join letters l on l.draft_id = f.id join deliveries first on first.id = l.delivery_id
    join deliveries d on d.content_id = first.content_id and d.campaign_id is null
    where f.author_id = ${authorId} and (${draftId}::int is null or f.id = ${draftId}) order by d.id for update of d`;
  return Map.groupBy(rows, ({ draftId }) => draftId);
}

/** Those that wait do not leave; when that is all of them, nothing was sent. */
async function takeBack(client: Runner, draftId: number, letters: Waiting[]): Promise<void> {
  const ids = letters.filter(isWaiting).map(({ id }) => id);
  await setAside(client, ids, { status: "skipped", reason: "cancelled" });
  await forgetAwaiting(client, ids);
  await detach(client, ids);
  if (ids.length < letters.length) return;
  await sqlOn(client)`update drafts set sent_at = null, version = version + 1 where id = ${draftId}`;
  await removeLetters(client, draftId);
}
