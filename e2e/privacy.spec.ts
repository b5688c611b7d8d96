import { expect, type Page, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { barriers } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const account = "dpo@src.example";
const mark = `Oubli${Date.now().toString(36)}`;

test.beforeAll(async () => {
  await giveUser({ email: account, name: "Nour Délégué", role: "administrator" });
});

async function signIn(page: Page, goTo: string) {
  await enter(page, account, goTo);
}

async function accessible(page: Page) {
  expect(await barriers(page)).toEqual([]);
}

/** Somebody silent for four years, proposed already. */
async function propose(name: string) {
  const { id } = await db.contact.create({
    data: {
      kind: "former_src",
      firstName: "Ada",
      lastName: name,
      createdAt: new Date("2022-01-15T10:00:00Z"),
    },
    select: { id: true },
  });
  await db.contactReview.create({ data: { contactId: id, lastActAt: new Date("2022-01-15T10:00:00Z") } });
  return id;
}

test("an administrator sets a duration, and the public page says the same", async ({ page }) => {
  await signIn(page, "/privacy");
  await accessible(page);
  const months = page.getByLabel("Textes des courriels reçus (mois)");
  await months.fill("999");
  await page.getByRole("button", { name: "Enregistrer les durées" }).click();
  await expect(page.getByText("Cette durée est hors des limites.")).toBeVisible();
  await expect(months, "what was typed stays").toHaveValue("999");
  await months.fill("4");
  await page.getByRole("button", { name: "Enregistrer les durées" }).click();
  await expect(page.getByText(/Fixé par Nour Délégué/).first()).toBeVisible();
  await page.goto("/confidentialite");
  await expect(page.getByText(/leur texte reste 4 mois/)).toBeVisible();
  await accessible(page);
});

test("an administrator keeps one silent contact and lets another go", async ({ page }) => {
  const [kept, gone] = [await propose(`${mark}-garde`), await propose(`${mark}-part`)];
  await signIn(page, "/privacy");
  await page.getByRole("button", { name: `Garder Ada ${mark}-garde` }).click();
  await expect(page.getByRole("link", { name: `Ada ${mark}-garde` })).toHaveCount(0);
  await page.getByRole("button", { name: /Effacer .*sans attendre/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Effacer" }).click();
  await expect(page.getByText("Dans les minutes qui viennent").first()).toBeVisible();
  // Another proposal of the page may say so already.
  await expect
    .poll(async () => (await db.contactReview.findUnique({ where: { contactId: gone } }))?.approvedAt)
    .not.toBeNull();
  expect((await db.contactReview.findUnique({ where: { contactId: kept } }))?.keptAt).not.toBeNull();
});

test("an administrator erases somebody for good, once their name is typed", async ({ page }) => {
  const { id } = await db.contact.create({
    data: { kind: "former_src", firstName: "Zoé", lastName: mark },
    select: { id: true },
  });
  await signIn(page, `/contacts/${id}`);
  await page.getByRole("button", { name: "Effacer définitivement" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /La personne le demande/ }).check();
  await dialog.getByLabel(/Pour confirmer/).fill("quelqu’un d’autre");
  await dialog.getByRole("button", { name: "Effacer pour toujours" }).click();
  await expect(dialog.getByText("Ce n’est pas le nom de ce contact.")).toBeVisible();
  await accessible(page);
  await dialog.getByLabel(/Pour confirmer/).fill(`zoé ${mark.toLowerCase()}`);
  await dialog.getByRole("button", { name: "Effacer pour toujours" }).click();
  await page.waitForURL("**/contacts");
  expect(await db.contact.findUnique({ where: { id } })).toBeNull();
  await page.goto(`/contacts/${id}`);
  await expect(page.getByText("Page introuvable")).toBeVisible();
  await page.goto("/privacy");
  await expect(page.getByText("À la demande de la personne").first()).toBeVisible();
});
