import { expect, test } from "@playwright/test";
import { db, sql } from "#lib/machine/db";
import { person, readyCampaign, segment } from "#testing/campaigns";
import { enter, giveUser } from "./session.ts";

const mark = Date.now().toString(36);

/** One reader, found by a city nobody else has; its hour passed three days ago. */
async function giveMissed(city: string) {
  await person({ city, addresses: [{ address: `${city}@exemple.fr`, isPrimary: true }] });
  const segmentId = await segment({
    match: "all",
    groups: [{ match: "all", conditions: [{ field: "city", is: city }] }],
  });
  const id = await readyCampaign({ segmentId });
  await sql`update campaigns set name = ${`Rentrée ${city}`}, status = 'scheduled', scheduled_for = now() - interval '3 days' where id = ${id}`;
  return id;
}

test("a campaign whose hour was missed is shown, and a person gives it another date or gives it up", async ({
  page,
}) => {
  const email = `late.${mark}@src.example`;
  await giveUser({ email, name: "Camille Roux", role: "secretariat" });
  const id = await giveMissed(`retard${mark}`);
  await enter(page, email);
  // The worker of this installation finds it within seconds.
  await expect
    .poll(async () => (await db.campaign.findUniqueOrThrow({ where: { id } })).missedAt)
    .not.toBeNull();

  await page.goto("/");
  await page.getByRole("link", { name: `« Rentrée retard${mark} » n’est pas partie à son heure` }).click();
  await expect(page.getByText("L’heure prévue est passée : rien n’est parti")).toBeVisible();
  await expect(page.getByText("Heure passée", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Envoyer maintenant" })).toBeVisible();
  await page.getByLabel("Date et heure (Paris)").fill("2099-01-05T09:00");
  await page.getByRole("button", { name: "Planifier" }).click();
  await expect(page.getByText(/Départ prévu le .*2099/)).toBeVisible();

  await sql`update campaigns set scheduled_for = now() - interval '3 days' where id = ${id}`;
  await expect
    .poll(async () => (await db.campaign.findUniqueOrThrow({ where: { id } })).missedAt)
    .not.toBeNull();
  await page.goto("/campaigns");
  await expect(page.getByRole("row", { name: new RegExp(`retard${mark}.*Heure passée`, "s") })).toBeVisible();
  await page.goto(`/campaigns/${id}`);
  await page.getByRole("button", { name: "Ne pas l’envoyer" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Ne pas l’envoyer" }).click();
  await expect(page.getByText("Annulée", { exact: true })).toBeVisible();
  expect(await db.delivery.count({ where: { campaignId: id } })).toBe(0);
});
