import { expect, test } from "@playwright/test";
import { sql } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";
import { enter, giveUser } from "./session.ts";

test("the secretariat sees why nobody knows, settles one, then all the others", async ({ page }) => {
  const email = `issue.${Date.now().toString(36)}@src.example`;
  await giveUser({ email, name: "Inès Issue", role: "secretariat" });
  const { campaign, relay } = await sendingCampaign({ port: 1, recipients: 3 });
  await sql`update campaigns set status = 'paused', paused_at = now() where id = ${campaign}`;
  await sql`
    update deliveries set status = 'unknown', relay_id = ${relay}, attempts = 1, reason = 'workerLost',
      announced_at = now(), unknown_at = now() where campaign_id = ${campaign}`;
  await enter(page, email, `/campaigns/${campaign}`);
  await page.getByRole("link", { name: "Voir et décider" }).click();

  const rows = page.getByRole("row").filter({ hasText: "Ce relais n’a pas de boîte IMAP" });
  await expect(rows).toHaveCount(3);
  await rows.first().getByRole("button", { name: "Renvoyer" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("le recevra deux fois");
  await dialog.getByRole("button", { name: "Renvoyer" }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Les tenir tous pour envoyés" }).click();
  await dialog.getByRole("button", { name: "Tenir pour envoyé" }).click();
  await expect(page.getByText("Plus rien à trancher")).toBeVisible();

  const found = await sql<{ status: string; n: number }>`
    select status::text, count(*)::int as n from deliveries where campaign_id = ${campaign} group by 1 order by 1`;
  expect(found).toEqual([
    { status: "queued", n: 1 },
    { status: "sent", n: 2 },
  ]);
});
