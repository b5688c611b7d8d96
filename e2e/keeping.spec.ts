import { expect, type Page, test } from "@playwright/test";
import { db, sql } from "#lib/machine/db";
import { hashPassword } from "#lib/office/users/password";
import { readyCampaign } from "#testing/campaigns";
import { barriers } from "./barriers.ts";

const account = { email: "garder@src.example", password: "un mot de passe long" };
const mark = `Z${Date.now()}`;

test.beforeAll(async () => {
  const passwordHash = await hashPassword(account.password);
  await db.user.upsert({
    where: { email: account.email },
    create: { email: account.email, name: "Garance Garder", role: "secretariat", passwordHash },
    update: { passwordHash },
  });
});

async function signIn(page: Page, goTo: string) {
  await page.goto(`/connexion?callbackUrl=${encodeURIComponent(goTo)}`);
  await fillIn(page);
  await page.waitForURL(`**${goTo}`);
}

async function fillIn(page: Page) {
  await page.getByLabel("Adresse").fill(account.email);
  await page.getByLabel("Mot de passe").fill(account.password);
  await page.getByRole("button", { name: "Se connecter" }).click();
}

const newContact = async (lastName: string) =>
  (
    await db.contact.create({
      data: { kind: "former_src", firstName: "Anne", lastName, city: "Pau" },
      select: { id: true },
    })
  ).id;
const menu = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Navigation principale" }).getByRole("link", { name });

test("what is typed in a contact is not lost by the menu, Back, or the closing of the tab", async ({
  page,
}) => {
  const id = await newContact(mark);
  await signIn(page, `/contacts/${id}`);
  await page.getByRole("link", { name: "Modifier" }).click();
  // Looked at and left: nothing is asked.
  await page.getByLabel("Ville").click();
  await menu(page, "Campagnes").click();
  await page.waitForURL("**/campaigns");
  await page.goBack();

  await page.getByLabel("Ville").fill("Bayonne");
  await menu(page, "Campagnes").click();
  const question = page.getByRole("dialog", { name: "Quitter sans enregistrer ?" });
  await expect(question).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  await question.getByRole("button", { name: "Rester sur la page" }).click();
  await expect(page.getByLabel("Ville")).toHaveValue("Bayonne");

  await page.evaluate(() => history.back());
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("Ville")).toHaveValue("Bayonne");

  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await expect(page.getByLabel("Ville")).toHaveValue("Bayonne");

  await menu(page, "Campagnes").click();
  await question.getByRole("button", { name: "Quitter sans enregistrer" }).click();
  await page.waitForURL("**/campaigns");
});

test("a refusal is seen beside the button, and has the focus", async ({ page }) => {
  const id = await newContact(`Refus${mark}`);
  await signIn(page, `/contacts/${id}/edit`);
  await page.getByLabel("Prénom").fill("Jeanne");
  // Meanwhile the session ends.
  await sql`update user_sessions set revoked_at = now() where user_id = (select id from users where email = ${account.email})`;
  await page.getByRole("button", { name: "Enregistrer" }).click();
  const refusal = page.getByRole("alert").filter({ hasText: "Votre session est terminée" });
  await expect(refusal).toBeInViewport();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("session est terminée");
  const opened = page.waitForEvent("popup");
  await refusal.getByRole("link", { name: "Se reconnecter dans un nouvel onglet" }).click();
  const elsewhere = await opened;
  await fillIn(elsewhere);
  await elsewhere.waitForURL((url) => !url.pathname.startsWith("/connexion"));
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("heading", { name: `Jeanne Refus${mark}` })).toBeVisible();
});

test("a cut connection leaves the form as it was typed", async ({ page, context }) => {
  const id = await newContact(`Coupure${mark}`);
  await signIn(page, `/contacts/${id}/edit`);
  await page.getByLabel("Prénom").fill("Odile");
  await context.setOffline(true);
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Le serveur n’a pas répondu" })).toBeInViewport();
  await expect(page.getByLabel("Prénom")).toHaveValue("Odile");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("heading", { name: `Odile Coupure${mark}` })).toBeVisible();
});

test("two people correct one person: both versions are offered, field by field", async ({
  page,
  context,
}) => {
  const id = await newContact(`Deux${mark}`);
  await signIn(page, `/contacts/${id}/edit`);
  const colleague = await context.newPage();
  await colleague.goto(`/contacts/${id}/edit`);
  await colleague.getByLabel("Prénom").fill("Annick");
  await colleague.getByLabel("Ville").fill("Dax");
  await colleague.getByRole("button", { name: "Enregistrer" }).click();
  await expect(colleague.getByRole("heading", { name: `Annick Deux${mark}` })).toBeVisible();

  await page.getByLabel("Prénom").fill("Anna");
  await page.getByLabel("Notes").fill("Rappeler lundi");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  const both = page.getByRole("alert").filter({ hasText: "Garance Garder a enregistré une autre version" });
  await expect(both).toBeInViewport();
  expect(await barriers(page)).toEqual([]);
  // What I wrote is proposed as mine, what only they wrote as theirs.
  const choice = (field: string, version: RegExp) =>
    both.getByRole("group", { name: field }).getByRole("radio", { name: version });
  await expect(choice("Prénom", /Votre version Anna/)).toBeChecked();
  await expect(choice("Ville", /L’autre version Dax/)).toBeChecked();
  await expect(choice("Notes", /Votre version Rappeler lundi/)).toBeChecked();
  await choice("Prénom", /L’autre version Annick/).check();
  await both.getByRole("button", { name: "Enregistrer ces choix" }).click();
  await expect(page.getByRole("heading", { name: `Annick Deux${mark}` })).toBeVisible();
  const kept = await db.contact.findUnique({
    where: { id },
    select: { firstName: true, city: true, notes: true },
  });
  expect(kept).toEqual({ firstName: "Annick", city: "Dax", notes: "Rappeler lundi" });
});

async function openDraft(page: Page): Promise<number> {
  await signIn(page, "/campaigns/new");
  await page.getByRole("button", { name: "Commencer avec ce modèle" }).first().click();
  await page.waitForURL(/\/compose$/);
  return Number(/campaigns\/(\d+)/.exec(page.url())?.[1]);
}

test("a letter is saved when one goes elsewhere at once", async ({ page }) => {
  const id = await openDraft(page);
  await page.getByLabel("Accroche").fill("Vite, avant de partir");
  await menu(page, "Contacts").click();
  await page.waitForURL("**/contacts");
  const draft = await db.campaign.findUnique({ where: { id }, select: { preheader: true } });
  expect(draft?.preheader).toBe("Vite, avant de partir");
});

test("two people write one letter: both versions are offered, blocks too, and none is lost", async ({
  page,
  context,
}) => {
  const id = await openDraft(page);
  const colleague = await context.newPage();
  await colleague.goto(page.url());
  await colleague.getByLabel("Accroche").fill("Accroche de l’autre");
  await colleague.getByRole("button", { name: "Citation", exact: true }).click();
  await colleague.getByLabel("Citation", { exact: true }).fill("Mot de l’autre");
  await expect(colleague.getByText(/^Enregistré à/).first()).toBeVisible();
  await page.getByRole("textbox", { name: "Accroche" }).fill("Mon accroche");
  const both = page.getByRole("alert").filter({ hasText: "a enregistré une autre version" });
  await expect(both).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Accroche" })).toHaveValue("Mon accroche");
  await expect(both.getByRole("group", { name: "Citation" })).toContainText("Mot de l’autre");
  await both.getByRole("button", { name: "Enregistrer ces choix" }).click();
  await expect(page.getByLabel("Citation", { exact: true })).toHaveValue("Mot de l’autre");
  await expect(page.getByRole("textbox", { name: "Accroche" })).toHaveValue("Mon accroche");
  const draft = await db.campaign.findUnique({ where: { id }, select: { preheader: true } });
  expect(draft?.preheader).toBe("Mon accroche");
});

test("what is typed before the page's scripts have come is kept as well", async ({ page }) => {
  const id = await newContact(`Lent${mark}`);
  const draft = await readyCampaign({ subject: "Avant" });
  await signIn(page, "/contacts");
  const release = await holdScripts(page);
  await page.goto(`/contacts/${id}/edit`, { waitUntil: "commit" });
  await page.getByLabel("Ville").fill("Bayonne");
  await release();
  // The palette answers once the scripts run.
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("Escape");
  await menu(page, "Campagnes").click();
  const question = page.getByRole("dialog", { name: "Quitter sans enregistrer ?" });
  await question.getByRole("button", { name: "Quitter sans enregistrer" }).click();
  await page.waitForURL("**/campaigns");

  const again = await holdScripts(page);
  await page.goto(`/campaigns/${draft}/compose`, { waitUntil: "commit" });
  await page.getByLabel("Objet", { exact: true }).fill("Pendant");
  await again();
  await expect
    .poll(async () => (await db.campaign.findUniqueOrThrow({ where: { id: draft } })).subject)
    .toBe("Pendant");
});

/** Scripts wait until the function returned is called. */
async function holdScripts(page: Page): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route("**/_next/static/**/*.js", async (route) => {
    await promise;
    await route.continue();
  });
  return async () => {
    resolve();
    await page.unrouteAll({ behavior: "wait" });
  };
}
