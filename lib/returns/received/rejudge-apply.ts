/** One change done, and undone: verdicts are taken back and given, never erased. */
import type { Evidence } from "#lib/letters/verdicts/attribution";
import { applyVerdicts, recordBounce } from "#lib/letters/verdicts/mutations";
import { markAlive, standAgain } from "#lib/letters/verdicts/standing";
import { type Runner, sqlOn } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import {
  type Judged,
  judgedOf,
  judgedToday,
  type Kept,
  lockKept,
  REJUDGED,
  same,
} from "#lib/returns/received/judged";
import { matchDelivery } from "#lib/returns/received/match";

type By = number | null;
type Change = {
  id: number;
  mailId: number;
  before: Judged;
  after: Judged;
  removed: number[];
  added: number[];
};

/** Does it, if the mail still stands and would still be judged as was shown; else it is stale. */
export async function applyChange(
  client: Runner,
  { id, mailId, before, after }: Change,
  by: By,
): Promise<void> {
  const mail = await lockKept(client, mailId);
  const today = mail && (await judgedToday(client, mail));
  if (!mail || !today || !same(await judgedOf(client, mail), before) || !same(today.judged, after))
    return mark(client, id, "stale");
  const removed = await takeBack(client, await standing(client, mailId), by);
  const { plan, read } = today;
  await reclass(client, mail, after, read.answer?.address ?? "");
  await sqlOn(client)`
    update received_mails set delivery_id = ${plan.target?.deliveryId ?? null}, contact_id = ${plan.contactId}
    where id = ${mailId} and delivery_id is null and ${plan.target !== null}`;
  if (after.class === "bounce") await recordBounce(client, plan.target, mailId, plan.attribution);
  if (after.class === "reply" && read.from) await markAlive(client, hashAddress(read.from));
  const added = (await standing(client, mailId)).filter((one) => !removed.includes(one));
  await sqlOn(client)`
    update rejudged_mails set outcome = 'applied', removed = ${removed}::int[], added = ${added}::int[] where id = ${id}`;
}

/** Puts the verdicts back that it had taken, unless somebody has decided since. */
export async function undoChange(client: Runner, change: Change, by: By): Promise<void> {
  const { id, mailId, before, after, removed, added } = change;
  const mail = await lockKept(client, mailId);
  if (!mail || !same(await judgedOf(client, mail), after)) return mark(client, id, "stale");
  await takeBack(client, added, by);
  await reclass(client, mail, before, "");
  const back = await sqlOn(client)<Evidence & { deliveryId: number | null }>`
    update bounces set overturned_at = null, overturned_by_id = null, overturned_why = ''
    where id = any(${removed}::int[]) and overturned_why = ${REJUDGED}
    returning verdict, blame, status, reason, diagnostic, 'failed' as action, nullif(recipient, '') as recipient, delivery_id as "deliveryId"`;
  for (const deliveryId of new Set(back.flatMap((one) => one.deliveryId ?? []))) {
    const target = await matchDelivery(client, deliveryId, mail.receivedAt);
    const verdicts = back.filter((one) => one.deliveryId === deliveryId && one.reason !== "delayed");
    if (target) await applyVerdicts(client, target, verdicts, mailId);
  }
  await mark(client, id, "undone");
}

const mark = async (client: Runner, id: number, outcome: string): Promise<void> => {
  await sqlOn(client)`update rejudged_mails set outcome = ${outcome} where id = ${id}`;
};

const standing = async (client: Runner, mailId: number): Promise<number[]> =>
  (
    await sqlOn(client)<{ id: number }>`
      select id from bounces where received_mail_id = ${mailId} and class = 'bounce' and overturned_at is null order by id`
  ).map(({ id }) => id);

async function takeBack(client: Runner, ids: number[], by: By): Promise<number[]> {
  const rows = await sqlOn(client)<{ id: number; deliveryId: number | null }>`
    update bounces set overturned_at = clock_timestamp(), overturned_by_id = ${by}, overturned_why = ${REJUDGED}
    where id = any(${ids}::int[]) and overturned_at is null returning id, delivery_id as "deliveryId"`;
  for (const deliveryId of new Set(rows.flatMap((row) => row.deliveryId ?? [])))
    await standAgain(client, deliveryId);
  return rows.map(({ id }) => id);
}

/** The class and what follows from it: an answer counts for its delivery, an absence does not. */
async function reclass(client: Runner, mail: Kept, to: Judged, address: string): Promise<void> {
  await sqlOn(client)`
    update received_mails set class = ${to.class}, proposal = ${to.proposal}, back_on = ${to.backOn}::date,
      proposed_address = case when ${to.proposal}::text is null then '' when proposed_address = '' then ${address} else proposed_address end
    where id = ${mail.id}`;
  await sqlOn(client)`
    update deliveries d set replied_at = first.at
    from received_mails m, lateral (select min(r.received_at) as at from received_mails r where r.delivery_id = m.delivery_id and r.class = 'reply') first
    where m.id = ${mail.id} and d.id = m.delivery_id and (d.replied_at is null) <> (first.at is null)`;
}
