import { expect, type Page, test } from "@playwright/test";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { db } from "#lib/machine/db";
import { enter, giveUser } from "./session.ts";

const account = "bac-a-sable@src.example";

test.beforeAll(async () => {
  await giveUser({ email: account, name: "Anne Sable", role: "administrator" });
});

async function signIn(page: Page, goTo: string) {
  await enter(page, account, goTo);
}

test("whoever sends through the sandbox reads the message and the reply it provoked", async ({ page }) => {
  const subject = `Essai ${Date.now()}`;
  await enqueueLetter({
    kind: "transactional",
    to: "lea.martin+reponse@exemple.fr",
    subject,
    html: "<h1>Bonjour Léa</h1>",
    text: "Bonjour Léa",
  });
  await signIn(page, "/sandbox");
  await expect(page.getByRole("complementary", { name: "Bac à sable" })).toBeVisible();

  await expect(async () => {
    await page.goto(`/sandbox?q=${encodeURIComponent(subject)}`);
    await page.getByRole("link", { name: subject }).click({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(page.frameLocator("iframe").getByRole("heading", { name: "Bonjour Léa" })).toBeVisible();
  await page.getByRole("link", { name: "Source", exact: true }).click();
  await expect(page.getByText("Message-ID:", { exact: false }).first()).toBeVisible();

  await expect(async () => {
    await page.goto(`/received?view=toHandle&q=${encodeURIComponent(subject)}`);
    await expect(page.getByRole("link", { name: `Re: ${subject}` })).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await page.getByRole("button", { name: "Traité" }).click();
  await expect(page.getByText("Réponse marquée comme traitée.")).toBeVisible();
  await page.goto(`/received?view=replies&q=${encodeURIComponent(subject)}`);
  await page.getByRole("button", { name: "Remettre à traiter" }).click();
  await expect(page.getByText("Réponse remise à traiter.")).toBeVisible();
});

test("an administrator adds a relay and is told what is wrong with it; nothing can leave by it", async ({
  page,
}) => {
  await signIn(page, "/relays");
  await page.getByRole("link", { name: "Ajouter un relais" }).click();
  await page.getByRole("button", { name: /Serveur de l’université/ }).click();
  const name = `Relais ${Date.now()}`;
  await page.getByLabel("Nom du relais").fill(name);
  await page.getByLabel("Serveur").first().fill("127.0.0.1");
  await page.getByLabel("Port").first().fill("1");
  await page.getByRole("button", { name: "Créer le relais" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();

  await page.getByRole("button", { name: "Tester l’envoi" }).click();
  await expect(page.getByText("Rien ne répond à cette adresse et sur ce port.")).toBeVisible();

  await page.getByRole("button", { name: "Ajouter une identité" }).click();
  await page.getByLabel("Nom affiché").fill("Département");
  await page.getByLabel("Adresse d’expédition").fill("newsletter@iut.example");
  await page.getByRole("button", { name: "Enregistrer l’identité" }).click();
  await expect(page.getByText("newsletter@iut.example", { exact: true }).last()).toBeVisible();
  await expect(page.getByRole("button", { name: "Utiliser par défaut" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "M’envoyer un message d’essai" })).toHaveCount(0);
  await expect(page.getByText("À mettre en service")).toBeVisible();
  expect(await db.identity.count({ where: { isDefault: true, relay: { kind: "sandbox" } } })).toBe(1);
});
