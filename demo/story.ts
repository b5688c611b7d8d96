/**
 * The demonstration, step by step. Each step looks in the database for what it would do: killed anywhere, it goes
 * on from there; finished, it does nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { accountId } from "#demo/accounts";
import { ensureBegunDraft, ensureSegments, launchLetter } from "#demo/campaign";
import { type Department, sources } from "#demo/department";
import { hasHistory, writeHistory } from "#demo/history";
import { hasPledges, writePledges } from "#demo/pledges";
import { clickOnce, follow, leaveByPage, openMail } from "#demo/readers";
import { messageId } from "#lib/letters/deliveries/message-id";
import { db, sql } from "#lib/machine/db";
import { Explained } from "#lib/machine/explained";
import { applyDecision, requestSync } from "#lib/sites/sources/mutations";

/** Announces a step and does it; the note is what to say of its result. */
export type Tell = <T>(label: string, work: () => Promise<T>, note?: (result: T) => string) => Promise<T>;

/** Everything after the application runs. Returns the letter's campaign. */
export async function tellStory(tell: Tell, department: Department, began: Date): Promise<number> {
  await tell("Première synchronisation des deux sites", () => synchronise(1));
  await ensureSegments();
  if (!(await hasHistory()))
    await tell("Trois mois d’histoire", () => writeHistory(began, department.companies));
  await tell("Synchronisation du jour", () => synchronise(2));
  await ensureBegunDraft();
  if (!(await hasPledges()))
    await tell(
      "Promesses de taxe d’apprentissage",
      () => writePledges(began),
      (n) => `${n} entreprises`,
    );
  const id = await tell("Lettre SRC composée et lancée", launchLetter);
  await tell("Envoi par le bac à sable", () => untilSent(id));
  await tell("Retours, réponses et plaintes relevés", untilAnswered);
  await tell("Désabonnements en un clic et par la page", () => readAndLeave(id));
  return id;
}

/** Each source has `runs` good runs at least, done by the worker. */
async function synchronise(runs: number): Promise<void> {
  const userId = await accountId("secretariat");
  for (const { key, name } of sources) {
    const source = await db.source.findUniqueOrThrow({ where: { key }, select: { id: true } });
    const done = () => db.syncRun.count({ where: { sourceId: source.id, status: "succeeded" } });
    if ((await done()) >= runs) continue;
    await requestSync(source.id, userId);
    await until(`la synchronisation de ${name}`, 120, async () => {
      const last = await db.syncRun.findFirst({
        where: { sourceId: source.id },
        orderBy: { id: "desc" },
        select: { id: true, status: true, error: true },
      });
      if (last?.status === "failed") throw failed(name, last.error ?? "");
      // So many people at once wait for a look, as they would in life.
      if (last?.status === "held") await applyDecision(last.id, userId);
      return (await done()) >= runs;
    });
  }
}

const untilSent = (id: number) =>
  until("l’envoi de la lettre", 300, async () => {
    const campaign = await db.campaign.findUniqueOrThrow({
      where: { id },
      select: { status: true, pauseReason: true },
    });
    if (campaign.status === "paused" || campaign.status === "draft")
      throw failed("la lettre", campaign.pauseReason ?? campaign.status);
    return campaign.status === "sent";
  });

/** The sandbox's mailbox is read to its end. */
const untilAnswered = () =>
  until("la relève de la boîte", 120, async () => {
    const [mailbox] = await sql<{ read: boolean }>`
      select coalesce(max(m.id), 0) <= max(box.last_uid) as read from relays r join mailboxes box on box.relay_id = r.id
      left join sandbox_messages m on m.relay_id = r.id and m.folder = 'inbox' where r.kind = 'sandbox' and r.archived_at is null`;
    return mailbox?.read ?? false;
  });

type Reader = {
  id: number;
  generation: number;
  address: string;
  sender: string;
  unsubscribed_at: Date | null;
};

/** Whoever reads: the same people at each run, from the first to the last sent to. */
async function listReaders(campaignId: number): Promise<Reader[]> {
  return sql<Reader>`
    select id, generation, address, sender, unsubscribed_at from (
      select d.id, d.generation, d.address, i.address as sender, d.unsubscribed_at, row_number() over (order by d.id) as n
      from deliveries d join contents ct on ct.id = d.content_id join identities i on i.id = ct.identity_id
      where d.campaign_id = ${campaignId} and d.status = 'sent' and d.address not like '%+%') sent
    where n % 8 = 3 order by n`;
}

/** Twelve leave, seven by the button of their mail program and five by the page; the others click. */
const leavers = { oneClick: 7, page: 5 };

async function readAndLeave(campaignId: number): Promise<void> {
  const readers = await listReaders(campaignId);
  const spread = Math.floor(readers.length / (leavers.oneClick + leavers.page));
  const clicked = await db.linkClick.count({ where: { campaignId }, take: 1 });
  for (const [n, reader] of readers.entries()) {
    const turn = n % spread === 1 ? Math.floor(n / spread) : -1;
    const leaves = turn >= 0 && turn < leavers.oneClick + leavers.page;
    if (leaves ? reader.unsubscribed_at !== null : clicked > 0) continue;
    const mail = await openMail(reader.address, messageId(reader, reader.sender.split("@")[1] ?? ""));
    if (!mail) throw failed("un courriel reçu", reader.id.toString());
    if (leaves) await leave(mail, turn);
    else for (const link of mail.clicks.slice(n % 3, (n % 3) + 1 + (n % 2))) await follow(link);
  }
}

async function leave(mail: NonNullable<Awaited<ReturnType<typeof openMail>>>, turn: number): Promise<void> {
  const url = turn < leavers.oneClick ? mail.oneClick : mail.unsubscribe;
  if (!url) throw failed("le lien de désabonnement", "absent");
  // The last two by the page want no mail at all any more.
  const scope = turn >= leavers.oneClick + 3 ? "all" : "topic";
  const done = turn < leavers.oneClick ? await clickOnce(url) : await leaveByPage(url, scope);
  if (!done) throw failed("un désabonnement", new URL(url).pathname.split("/")[1] ?? "");
}

async function until(what: string, seconds: number, done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await done())) {
    if (Date.now() > deadline) throw failed(what, `${seconds} s`);
    await sleep(200);
  }
}

const failed = (what: string, why: string) =>
  new Explained(
    `La démonstration s’est arrêtée : ${what} (${why}). Rien n’est perdu : npm run demo reprend où elle en est.`,
    `The demonstration stopped: ${what} (${why}). Nothing is lost: npm run demo goes on from there.`,
  );
