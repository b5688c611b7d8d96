/**
 * The kept mails read again by today's rules. Looking writes down what would change and nothing else; applying and undoing
 * do it mail by mail. Each step is a slice in one transaction that moves the position: killed anywhere, the next one goes
 * on after it. Complaints and requests to leave are no matter of rules: they stay as they are.
 */
import { type Runner, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { type Judged, judgedOf, judgedToday, listKept, same } from "#lib/returns/received/judged";
import { applyChange, undoChange } from "#lib/returns/received/rejudge-apply";

/** Mails looked at, and changes applied or undone, in one transaction. */
const slices = { looking: 200, changing: 50 };

type Run = { id: number; status: "looking" | "applying" | "undoing"; position: number; by: number | null };

/**
 * The worker's task: whatever run is under way, slice after slice. Returns how many it did.
 * @unaudited Whoever asked was audited then.
 */
export async function goOnRejudging(signal?: AbortSignal): Promise<number> {
  for (let done = 0; ; done++)
    if (signal?.aborted || !(await transaction((client) => oneSlice(client)))) return done;
}

async function oneSlice(client: Runner): Promise<boolean> {
  const [run] = await sqlOn(client)<Run>`
    select id, status, position, asked_by_id as by from rejudgements
    where status in ('looking', 'applying', 'undoing') order by id limit 1 for update skip locked`;
  if (!run) return false;
  await (run.status === "looking" ? look(client, run) : change(client, run));
  return true;
}

async function look(client: Runner, { id, position }: Run): Promise<void> {
  const mails = await listKept(client, position, slices.looking);
  for (const mail of mails) {
    const before = await judgedOf(client, mail);
    const { judged: after } = await judgedToday(client, mail);
    if (same(before, after)) continue;
    await sqlOn(client)`
      insert into rejudged_mails (rejudgement_id, received_mail_id, before, after)
      values (${id}, ${mail.id}, ${JSON.stringify(before)}, ${JSON.stringify(after)})`;
  }
  const last = mails.at(-1)?.id ?? position;
  const over = mails.length < slices.looking;
  await sqlOn(client)`
    update rejudgements set position = ${over ? 0 : last}, mails = mails + ${mails.length}, status = ${over ? "ready" : "looking"}
    where id = ${id}`;
}

type Change = {
  id: number;
  mailId: number;
  before: Judged;
  after: Judged;
  outcome: string | null;
  removed: number[];
  added: number[];
};

async function change(client: Runner, { id, status, position, by }: Run): Promise<void> {
  const changes = await sqlOn(client)<Change>`
    select id, received_mail_id as "mailId", before, after, outcome, removed, added from rejudged_mails
    where rejudgement_id = ${id} and id > ${position} order by id limit ${slices.changing}`;
  for (const one of changes)
    if (status === "applying") await applyChange(client, one, by);
    else if (one.outcome === "applied") await undoChange(client, one, by);
  const over = changes.length < slices.changing;
  const next = over ? (status === "applying" ? "applied" : "undone") : status;
  await sqlOn(client)`
    update rejudgements set position = ${over ? 0 : (changes.at(-1)?.id ?? position)}, status = ${next} where id = ${id}`;
  log.info({ rejudgementId: id, changes: changes.length, status: next }, "kept mails judged again");
}
