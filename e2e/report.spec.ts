import { expect, type Page, test } from "@playwright/test";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import { sql } from "#lib/machine/db";
import { person, readyCampaign, segment } from "#testing/campaigns";
import { barriers } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const account = "bilan@src.example";
const city = `bilan-${Date.now()}`;
let campaign = 0;

test.beforeAll(async () => {
  await giveUser({ email: account, name: "Berthe Bilan", role: "teacher" });
  for (let i = 0; i < 22; i++) await person({ city, addresses: [] });
  for (let i = 0; i < 37; i++)
    await person({ city, addresses: [{ address: `dead.${city}.${i}@example.org`, standing: "hard" }] });
  for (let i = 0; i < 30; i++)
    await person({ city, addresses: [{ address: `ok.${city}.${i}@example.org` }] });
  const criteria = {
    match: "all",
    groups: [{ match: "all", conditions: [{ field: "city", is: city }] }],
  };
  campaign = await readyCampaign({ name: city, segmentId: await segment(criteria as never) });
  expect((await launchCampaign(campaign)).ok).toBe(true);
  // Its end, without the worker: the relay's answers are other journeys' business.
  await sql`update deliveries set status = 'sent', settled_at = now() where campaign_id = ${campaign} and status = 'queued'`;
  const some = (from: number, n: number) =>
    sql<{
      id: number;
    }>`select id from deliveries where campaign_id = ${campaign} and status = 'sent' order by id offset ${from} limit ${n}`.then(
      (rows) => rows.map(({ id }) => id),
    );
  const [hard, refused] = [await some(0, 2), await some(2, 1)];
  await sql`update deliveries set bounce = 'hard', bounced_at = now() where id = any(${hard})`;
  await sql`update deliveries set status = 'failed', reason = 'user-unknown' where id = any(${refused})`;
  await sql`update campaigns set status = 'sent', finished_at = now() where id = ${campaign}`;
});

async function signIn(page: Page, goTo: string) {
  await enter(page, account, goTo);
}

test("a teacher reads a report whose lines follow from one another, and finds its figures elsewhere", async ({
  page,
}) => {
  await signIn(page, `/campaigns/${campaign}`);
  const report = page.getByRole("region", { name: "Du segment à la boîte" });
  const row = (name: string | RegExp) => report.getByRole("row", { name });
  await expect(row(/^Personnes du segment/)).toContainText("89");
  await expect(row(/^Écartés/)).toContainText("−59");
  await expect(row(/^Adresse qui n’existe plus/)).toContainText("37");
  await expect(row(/^Sans adresse/)).toContainText("22");
  await expect(row(/^Destinataires/)).toContainText("30");
  await expect(row(/^Acceptés par/)).toContainText("29");
  await expect(row(/^Retours/)).toContainText("−2");
  await expect(row(/^Remis/)).toHaveText(/Remis27.*90,0.%/);
  expect(await barriers(page)).toEqual([]);

  await page.goto("/campaigns");
  const listed = page.getByRole("row", { name: new RegExp(city) });
  await expect(listed).toContainText("30");
  await expect(listed).toHaveText(/90,0.%.*3,3.%.*6,7.%/);
  await page.goto("/");
  await expect(page.getByRole("row", { name: new RegExp(city) })).toHaveText(/30.*90,0.%.*3,3.%.*6,7.%/);
});
