/** Two campaigns of the tax: last year's, received, and this year's, under way. The code of the application moves each pledge. */
import { accountId } from "#demo/accounts";
import { writePastCampaigns, writeReturn } from "#demo/tax-history";
import { forgetTransfers, uses, writeTransfers } from "#demo/transfers";
import { db, sql } from "#lib/machine/db";
import { declareBase, estimateFrom, setStance } from "#lib/tax/companies/mutations";
import { editPledge, logContact, openCampaign } from "#lib/tax/pledges/follow";
import { createPledge, movePledge } from "#lib/tax/pledges/mutations";
import { remindOfPledges } from "#lib/tax/pledges/reminders";
import type { PledgeState } from "#lib/tax/pledges/rules";
import { moveInput } from "#lib/tax/pledges/schema";

const day = 86_400_000;
const soon = (began: Date, days: number) => new Date(began.getTime() + days * day).toISOString().slice(0, 10);

/** The goal is written last: without it, what a killed demonstration began is begun again. */
export const hasPledges = async () =>
  (await db.taxYear.count({ where: { goalCents: { not: null } }, take: 1 })) > 0;

/** `began` decides the campaign: that of its year. Returns how many pledges there are. */
export async function writePledges(began: Date): Promise<number> {
  const year = began.getFullYear();
  const [secretariat, teacher] = [await accountId("secretariat"), await accountId("teacher")];
  await forgetTransfers();
  await sql`delete from pledges`;
  await sql`delete from company_bases`;
  await inventCalendar(year, began);
  const companies = await sql<{ id: number; headcount: number }>`
    select o.id, o.headcount from organisations o where o.archived_at is null and o.siret is not null
      and unsolicited_because(o) is null and o.sector <> 'Collectivité' order by o.id limit 70`;
  for (const [n, { id, headcount }] of companies.entries()) {
    const at = { organisationId: id, campaignYear: year };
    if (n % 3 === 0)
      await declareBase(
        { ...at, base: headcount * 3_150_000 + n * 1_234, source: "Dite par la paie" },
        secretariat,
      );
    else await estimateFrom({ ...at, headcount, sector: n % 4 === 1 ? "information" : "any" }, secretariat);
  }
  const bodies = await sql<{
    id: number;
  }>`select id from organisations where sector = 'Collectivité' and archived_at is null`;
  for (const { id } of bodies)
    await setStance({ organisationId: id, reason: "notLiable", note: "" }, secretariat);
  if (companies[69])
    await setStance({ organisationId: companies[69].id, reason: "asked", note: "" }, secretariat);
  await writePastCampaigns(
    year,
    companies.map(({ id }) => id),
    began,
    secretariat,
  );
  await openCampaign(year, secretariat);
  for (const { id } of companies.slice(0, 60))
    await createPledge({ campaignYear: year, organisationId: id, covers: "siret", target: "" }, secretariat);
  const pledges = await db.pledge.findMany({
    where: { campaignYear: year },
    select: { id: true, organisationId: true },
    orderBy: { id: "asc" },
  });
  for (const [n, { id }] of pledges.entries()) {
    for (const step of story[n % story.length] ?? []) await advance(id, step);
    if (n % 3 === 0)
      await follow(id, { ownerId: n % 2 ? teacher : secretariat, nextOn: soon(began, (n % 24) - 3) });
    if (n % 7 === 2)
      await logContact({ id, kind: "called", note: "Intéressée, rappeler après la clôture." }, teacher);
  }
  await remindOfPledges(began);
  await writeTransfers(year, secretariat);
  await writeReturn(year, secretariat);
  await db.taxYear.update({
    where: { campaignYear: year },
    data: { uses, goalCents: 2_500_000n, hourlyCents: 2_800n },
  });
  return pledges.length;
}

/** Dates around today, so that the calendar of any day of the year has something to show. */
async function inventCalendar(campaignYear: number, began: Date) {
  const source = "Calendrier inventé pour la démonstration";
  const days = {
    period1Opens: -40,
    period1Closes: 9,
    transfer1: 20,
    period2Opens: 21,
    period2Closes: 60,
    transfer2: 75,
  };
  await db.taxYear.upsert({ where: { campaignYear }, create: { campaignYear }, update: {} });
  await db.taxMilestone.updateMany({
    where: { campaignYear, supersededAt: null },
    data: { supersededAt: began },
  });
  await db.taxMilestone.createMany({
    data: Object.entries(days).map(([kind, at]) => ({
      campaignYear,
      kind,
      day: new Date(soon(began, at)),
      source,
    })),
  });
}

type Step = Partial<Record<"share" | "why", string>> & { to: PledgeState };
const asked: Step = { to: "solicited" };
const forty: Step = { to: "pledged", share: "40" };
const allocated: Step = { to: "allocated" };
/** What became of the pledges, in turn. */
const story: Step[][] = [
  [],
  [asked],
  [asked, forty],
  [],
  [asked, { to: "pledged", share: "100" }, allocated],
  [asked],
  [],
  [asked, { to: "refused", why: "Donne à un CFA" }],
  [asked, { to: "pledged", share: "25" }],
  [asked, forty, allocated],
  [],
];

async function advance(id: number, step: Step) {
  const { version } = await db.pledge.findUniqueOrThrow({ where: { id }, select: { version: true } });
  const done = await movePledge(
    moveInput.parse({ id, version, channel: ["call", "letter", "meeting", "mail"][id % 4], ...step }),
    null,
  );
  if (!done.ok) throw new Error(`${step.to}: ${done.reason}`);
}

async function follow(id: number, next: { ownerId: number; nextOn: string }) {
  const { version } = await db.pledge.findUniqueOrThrow({ where: { id }, select: { version: true } });
  await editPledge(
    { id, version, covers: "siret", nextStep: "Rappeler", correction: 0, ...next },
    next.ownerId,
  );
}
