import { expect, type Page, test } from "@playwright/test";
import { sql } from "../lib/machine/db.ts";
import { enter, giveUser } from "./session.ts";

const stamp = Date.now().toString(36);
const site = `Site ${stamp}`;
const secretariat = `nadege.${stamp}@src.example`;
const reader = `noa.${stamp}@src.example`;

test.beforeAll(async () => {
  await giveUser({ email: secretariat, name: "Nadège Roumieu", role: "secretariat" });
  await giveUser({ email: reader, name: "Noa Amiel", role: "reader" });
  await sql`insert into contacts (kind, last_name) values ('guest_lecturer', ${`Vigneau ${stamp}`})`;
  await sql`
    with site as (
      insert into sources (key, name, url, default_kind)
      values (${`site-${stamp}`}, ${site}, 'https://anciens.example/contacts.xml', 'former_src') returning id)
    insert into sync_runs (source_id, origin, status, started_at, finished_at, error)
    select id, 'pull', 'failed', now(), now(), 'timeout' from site`;
});

async function signIn(page: Page, email: string) {
  await enter(page, email);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tableau de bord");
}

test("the secretariat sees what failed, and goes where it is solved", async ({ page }) => {
  await signIn(page, secretariat);
  const today = page.getByRole("region", { name: "À voir aujourd’hui" });
  await today.getByRole("link", { name: `La synchronisation de «\u202f${site}\u202f» a échoué` }).click();
  await expect(page).toHaveURL(/\/sources\/\d+$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(site);
});

test("a synchronisation is asked for from the first screen", async ({ page }) => {
  await signIn(page, secretariat);
  const row = page
    .getByRole("region", { name: "Synchronisations" })
    .getByRole("listitem")
    .filter({ hasText: site });
  await expect(row).toContainText("Échouée");
  await row.getByRole("button", { name: "Synchroniser" }).click();
  await expect(page.getByText("Synchronisation demandée")).toBeVisible();
  const asked = () =>
    sql`select 1 from sync_runs r join sources s on s.id = r.source_id where s.name = ${site} and r.user_id is not null`;
  expect(await asked()).toHaveLength(1);
});

test("a chart can be read as a table", async ({ page }) => {
  await signIn(page, reader);
  const book = page.getByRole("region", { name: "Le carnet" });
  await book.getByText("Voir en tableau").click();
  const table = book.getByRole("table", { name: "Contacts par catégorie" });
  await expect(table.getByRole("row", { name: /^Vacataires [1-9]/ })).toBeVisible();
});

test("a reader is not bothered with what others must do", async ({ page }) => {
  await signIn(page, reader);
  await expect(page.getByRole("region", { name: "Synchronisations" })).toHaveCount(0);
  await expect(page.getByText("a échoué")).toHaveCount(0);
});

test("at 390 px nothing overflows", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, secretariat);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
