import { expect, type Page, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { barriers } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const account = "carnet@src.example";
const mark = `Z${Date.now()}`;

test.beforeAll(async () => {
  await giveUser({ email: account, name: "Sylvie Carnet", role: "secretariat" });
});

async function signIn(page: Page, goTo: string) {
  await enter(page, account, goTo);
}

async function accessible(page: Page) {
  expect(await barriers(page)).toEqual([]);
}

test("the secretariat adds a person, finds them, corrects them, puts them away and takes them back", async ({
  page,
}) => {
  await signIn(page, "/contacts/new");
  await accessible(page);
  await page.getByLabel("Prénom").fill("Élodie");
  await page.getByRole("textbox", { name: /^Nom/ }).fill(mark);
  await page.getByLabel("Adresse électronique").fill("pas une adresse");
  await page.getByRole("button", { name: "Créer le contact" }).click();
  await expect(page.getByText("il faut un nom, une arobase", { exact: false })).toBeVisible();
  await page.getByLabel("Adresse électronique").fill(`Elodie.${mark}@Exemple.fr`);
  await page.getByRole("button", { name: "Créer le contact" }).click();
  await expect(page.getByRole("heading", { name: `Élodie ${mark}` })).toBeVisible();
  // The dialogs that ask about it name it too.
  await expect(
    page.getByText(`elodie.${mark.toLowerCase()}@exemple.fr`, { exact: true }).first(),
  ).toBeVisible();
  await accessible(page);

  await page.goto(`/contacts?q=elodie+${mark.toLowerCase()}`);
  await expect(page.getByText("1 contact", { exact: true })).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: `Élodie ${mark}` }).click();

  await page.getByRole("link", { name: "Modifier" }).click();
  await page.getByLabel("Ville").fill("Mérignac");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText("Mérignac", { exact: true })).toBeVisible();
  await expect(page.getByText("Ville : vide → Mérignac", { exact: false })).toBeVisible();

  await page.getByRole("button", { name: "Archiver" }).click();
  await expect(page.getByText("Ce contact est archivé depuis", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Restaurer" }).click();
  await expect(page.getByRole("link", { name: "Modifier" })).toBeVisible();
});

test("an address that somebody has leads to them", async ({ page }) => {
  const email = `prise.${mark.toLowerCase()}@exemple.fr`;
  await signIn(page, "/contacts/new");
  for (const name of [`Première${mark}`, `Seconde${mark}`]) {
    await page.goto("/contacts/new");
    await page.getByRole("textbox", { name: /^Nom/ }).fill(name);
    await page.getByLabel("Adresse électronique").fill(email);
    await page.getByRole("button", { name: "Créer le contact" }).click();
    if (name.startsWith("Première")) await expect(page.getByRole("heading", { name })).toBeVisible();
  }
  await expect(page.getByText(`Cette adresse est déjà celle de Première${mark}.`)).toBeVisible();
  await page.getByRole("link", { name: `Première${mark}` }).click();
  await page.getByRole("button", { name: "Quitter sans enregistrer" }).click();
  await expect(page.getByRole("heading", { name: `Première${mark}` })).toBeVisible();
});

test("a subscription is changed at the person's request, with a note", async ({ page }) => {
  const contact = await db.contact.create({
    data: { kind: "former_src", lastName: `Lettre${mark}` },
    select: { id: true },
  });
  await signIn(page, `/contacts/${contact.id}`);
  await page.getByRole("button", { name: "Abonner" }).first().click();
  await page.getByRole("dialog").getByLabel("Comment l’a-t-elle demandé").fill("au téléphone");
  await page.getByRole("dialog").getByRole("button", { name: "Abonner" }).click();
  await expect(page.getByText("Abonnement depuis le", { exact: false })).toBeVisible();
  const event = await db.subscriptionEvent.findFirst({
    where: { contactId: contact.id },
    select: { via: true, proof: true },
  });
  expect(event).toEqual({ via: "staff", proof: { note: "au téléphone" } });
});

test("an organisation is created with its SIRET, and a person attached to it", async ({ page }) => {
  const contact = await db.contact.create({
    data: { kind: "professional", firstName: "Paul", lastName: `Paie${mark}` },
    select: { id: true },
  });
  await signIn(page, "/organisations/new");
  await accessible(page);
  await page.getByRole("textbox", { name: /^Nom/ }).fill(`Agence ${mark}`);
  await page.getByLabel("SIRET").fill("123");
  await page.getByRole("button", { name: "Créer l’organisation" }).click();
  await expect(page.getByText("Ce SIRET n’est pas valable", { exact: false })).toBeVisible();
  await page.getByLabel("SIRET").fill("");
  await page.getByRole("button", { name: "Créer l’organisation" }).click();
  await expect(page.getByRole("heading", { name: `Agence ${mark}` })).toBeVisible();
  await page.getByRole("button", { name: "Rattacher un contact" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Contact" }).fill(`Paie${mark}`);
  await page.getByRole("option", { name: `Paul Paie${mark}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Rattacher un contact" }).click();
  await expect(page.getByRole("link", { name: `Paul Paie${mark}`, exact: true })).toBeVisible();
  await accessible(page);
  await page.goto(`/contacts/${contact.id}`);
  await expect(page.getByRole("link", { name: `Rattachement à Agence ${mark}` })).toBeVisible();
});

test("the list is exported as it is filtered", async ({ page }) => {
  await db.contact.create({
    data: { kind: "staff", firstName: "=1+1", lastName: `Export${mark}` },
    select: { id: true },
  });
  await signIn(page, `/contacts?q=Export${mark}`);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Exporter" }).click();
  const stream = await (await download).createReadStream();
  const text = Buffer.concat(await Array.fromAsync(stream)).toString();
  expect(text.split("\r\n")[1]).toBe(`"'=1+1";"Export${mark}";"Personnel du département";;;;""`);
});
