import { expect, type Page, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { person } from "#testing/campaigns";
import { enter, giveUser } from "./session.ts";

const account = "claire.dumas@src.example";
/** A city of this run alone, so that its segment holds these people and nobody else. */
const city = `Bourg-${Date.now()}`;

test.beforeAll(async () => {
  await giveUser({ email: account, name: "Claire Dumas", role: "teacher" });
  const give = (n: number, standing: "ok" | "hard" = "ok") =>
    person({
      firstName: `Inès ${n}`,
      city,
      addresses: [{ address: `ines.${n}.${Date.now()}@exemple.fr`, isPrimary: true, standing }],
    });
  for (let n = 1; n <= 3; n++) await give(n);
  await give(4, "hard");
});

async function signIn(page: Page, goTo: string) {
  await enter(page, account, goTo);
}

test("a teacher describes whom to write to, composes, tries, launches and follows a letter", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await signIn(page, "/segments/new");
  await page.getByLabel("Nom").first().fill(`Anciens de ${city}`);
  await page.getByLabel("Ville").first().fill(city);
  await expect(page.getByText("4 personnes", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await page.waitForURL(/\/segments\/\d+$/);

  await page.goto("/campaigns/new");
  await page
    .getByRole("region", { name: "Lettre SRC" })
    .getByRole("button", { name: "Commencer avec ce modèle" })
    .click();
  await page.waitForURL(/\/compose$/);
  const subject = `Des nouvelles de ${city}`;
  await page.getByLabel("Objet", { exact: true }).fill(subject);
  await page.getByRole("button", { name: "Bouton", exact: true }).click();
  await page.getByLabel("Texte du bouton").fill("Répondre à l’enquête");
  await expect(page.getByText("Il manque quelque chose", { exact: false }).first()).toBeVisible();
  await page.getByLabel("Adresse", { exact: true }).fill("https://exemple.fr/enquete");
  await page.getByLabel("Segment").selectOption({ label: `Anciens de ${city}` });
  const message = page.frameLocator('iframe[title="Message tel que reçu"]');
  await expect(message.getByRole("link", { name: "Répondre à l’enquête" })).toBeVisible();
  await expect(page.getByText(/^Enregistré à/).first()).toBeVisible();

  // What the model only showed has to be written over.
  await expect(page.getByText("Un texte du modèle n’a pas été remplacé", { exact: false })).toHaveCount(2);
  await page.getByLabel("Titre", { exact: true }).fill("Les portes ouvertes");
  await page.getByLabel("Texte", { exact: true }).nth(1).fill("Le 12 décembre, de 14 à 18 heures.");
  await expect(page.getByText("le message est prêt", { exact: false })).toBeVisible();

  await page.getByRole("button", { name: "Supprimer ce bloc" }).first().click();
  await page.getByRole("button", { name: "Annuler la suppression" }).click();
  await expect(page.getByLabel("Texte", { exact: true }).first()).toHaveValue(/Bonjour/);

  await page.getByRole("button", { name: "Envoyer un essai" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Envoyer l’essai" }).click();
  await expect(page.getByText("Essai en route")).toBeVisible();

  await page.getByRole("button", { name: "Relire et envoyer" }).click();
  await page.waitForURL(/\/review$/);
  await expect(page.getByText("3 personnes recevront ce message", { exact: true })).toBeVisible();
  await expect(page.getByRole("row", { name: /Adresse qui n’existe plus/ })).toContainText("1");
  await page.getByRole("button", { name: "Envoyer maintenant" }).click();

  // Somebody joins meanwhile: the number that was confirmed is no longer true.
  const late = await person({ city, addresses: [{ address: `late.${Date.now()}@exemple.fr` }] });
  await page.getByRole("button", { name: "Envoyer à 3 personnes" }).click();
  await expect(page.getByText("Le nombre a changé", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Envoyer à 4 personnes" }).click();
  await page.waitForURL(/\/campaigns\/\d+$/);
  await expect(page.getByText("Envoyée", { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("4 sur 4")).toBeVisible();
  expect(await db.delivery.count({ where: { contactId: late, status: "sent" } })).toBe(1);
});

test("what is typed is kept, and a colleague’s version is not overwritten", async ({ page, context }) => {
  await signIn(page, "/campaigns/new");
  await page.getByRole("button", { name: "Commencer avec ce modèle" }).first().click();
  await page.waitForURL(/\/compose$/);
  const colleague = await context.newPage();
  await colleague.goto(page.url());
  await page.getByLabel("Accroche").fill("Première version");
  await expect(page.getByText("Modifications non enregistrées").first()).toBeVisible();
  await expect(page.getByText(/^Enregistré à/).first()).toBeVisible();
  await colleague.getByLabel("Accroche").fill("Seconde version");
  await expect(
    colleague.getByText("Quelqu’un a enregistré une autre version", { exact: false }),
  ).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Accroche")).toHaveValue("Première version");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a teacher still writes and orders blocks", async ({ page }) => {
    await signIn(page, "/campaigns/new");
    await page.getByRole("button", { name: "Commencer avec ce modèle" }).first().click();
    await page.waitForURL(/\/compose$/);
    await page.getByLabel("Objet", { exact: true }).fill("Sans script");
    await page.getByRole("button", { name: "Intertitre" }).click();
    await expect(page.getByLabel("Objet", { exact: true })).toHaveValue("Sans script");
    await page.getByLabel("Intertitre", { exact: true }).fill("En bref");
    await page.getByRole("button", { name: "Monter ce bloc" }).last().click();
    await expect(page.getByLabel("Intertitre", { exact: true })).toHaveValue("En bref");
    await expect(page.getByRole("listitem", { name: "Intertitre, bloc 4 sur 5" })).toBeVisible();
  });
});
