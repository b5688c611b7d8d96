import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Page, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { peopleXml } from "#testing/sources";
import { barriers } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const account = "sources@src.example";
const mark = `s${Date.now()}`;

let body = "";
const site = createServer((_, response) => response.writeHead(200).end(body));

test.beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  await giveUser({ email: account, name: "Alain Sources", role: "administrator" });
});

test.afterAll(() => site.close());

async function signIn(page: Page, goTo: string) {
  await enter(page, account, goTo);
}

async function accessible(page: Page) {
  expect(await barriers(page)).toEqual([]);
}

test("the administrator adds a remote site, and one button brings its people", async ({ page }) => {
  const key = `${mark}-site`;
  body = peopleXml(
    [
      { id: "1", lastName: `Distante${mark}`, emails: [`distante.${mark}@exemple.fr`] },
      { id: "2", lastName: "Fautive", emails: ["pas une adresse"] },
    ],
    key,
  );
  await signIn(page, "/sources/new");
  await accessible(page);
  await page.getByRole("textbox", { name: /^Nom/ }).fill(`Site ${mark}`);
  await page.getByLabel("Clé").fill(key);
  await page
    .getByLabel("Adresse du fichier")
    .fill(`http://127.0.0.1:${(site.address() as AddressInfo).port}/contacts.xml`);
  await page.getByLabel("Jeton").first().fill("secret");
  await page.getByLabel("Autoriser une adresse de réseau privé").check();
  await page.getByRole("button", { name: "Créer la source" }).click();
  await expect(page.getByText("Jamais synchronisée")).toBeVisible();
  await accessible(page);

  await page.getByRole("button", { name: "Synchroniser" }).click();
  await expect(page.getByText("Réussie")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("adresse électronique incomplète")).toBeVisible();
  await accessible(page);
  const run = page.url();
  await page.goto(`/contacts?q=Distante${mark}`);
  await expect(page.getByText("1 contact", { exact: true })).toBeVisible();

  await page.goto(run);
  await expect(page.getByRole("row", { name: `Distante${mark} Nouvelle personne` })).toBeVisible();
  await page.getByRole("link", { name: /^Personnes corrigées/ }).click();
  await expect(page.getByText("Aucun changement de cette sorte.")).toBeVisible();
  await page.getByRole("link", { name: /^Nouvelles personnes/ }).click();
  await page.getByRole("button", { name: "Annuler cette synchronisation" }).click();
  await accessible(page);
  await page.getByRole("button", { name: "Annuler la synchronisation" }).click();
  await expect(page.getByText("2 personnes retirées.")).toBeVisible({ timeout: 30_000 });
  await page.goto(`/contacts?q=Distante${mark}`);
  await expect(page.getByText("1 contact", { exact: true })).toBeHidden();
  await page.goto("/sources");
  await accessible(page);
  await expect(
    page.getByRole("row", { name: new RegExp(`Site ${mark}`) }).getByText("Réussie"),
  ).toBeVisible();
});

test("an uploaded file that is cut is refused with its line and cure", async ({ page }) => {
  const key = `${mark}-fichier`;
  const { id } = await db.source.create({
    data: { key, name: `Fichier ${mark}`, defaultKind: "student_src" },
    select: { id: true },
  });
  await signIn(page, `/sources/${id}`);
  const upload = async (text: string) => {
    await page
      .getByLabel("Fichier de contacts")
      .setInputFiles({ name: "élèves.xml", mimeType: "text/xml", buffer: Buffer.from(text) });
    await page.getByRole("button", { name: "Envoyer et importer" }).click();
    await page.waitForURL("**/sources/runs/*");
  };
  const whole = peopleXml([{ id: "1", lastName: `Importée${mark}` }], key);
  await upload(whole.replace("</contacts>", ""));
  await expect(page.getByText("Fichier refusé : rien n’est écrit")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Le fichier s’arrête avant la fin.", { exact: false })).toBeVisible();
  await expect(page.getByText("Fichier élèves.xml", { exact: false })).toBeVisible();
  await accessible(page);
  await page.goto(`/sources/${id}`);
  await upload(whole);
  await expect(page.getByText("Réussie")).toBeVisible({ timeout: 30_000 });
});

test("the script for a site carries its columns and its key, once", async ({ page }) => {
  const { id } = await db.source.create({
    data: { key: `${mark}-script`, name: `Script ${mark}`, defaultKind: "former_src", access: "signed" },
    select: { id: true },
  });
  await signIn(page, `/sources/${id}/script`);
  await accessible(page);
  await page.getByLabel("Table ou vue").fill("membres");
  await page.getByLabel("Nom", { exact: true }).fill("nom_de_famille");
  await page.getByLabel("Téléphone").last().check();
  await page.getByRole("button", { name: "Enregistrer les colonnes" }).click();
  await expect(page.getByText("Colonnes enregistrées").first()).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Télécharger le script" }).click(),
  ]);
  const script = readFileSync(await file.path(), "utf8");
  expect(script).toContain("'lastName' => 'nom_de_famille'");
  expect(script).toContain("'vider' => ['phone']");
  expect(script).toMatch(/'cle' => '[\w-]{43}'/);
  await page.reload();
  await expect(page.getByText("Une clé téléchargée attend la première réponse du site.")).toBeVisible();
  await page.getByRole("button", { name: "Vérifier" }).click();
  await expect(page.getByText("Cette source n’a pas d’adresse.")).toBeVisible();
  await accessible(page);
});

test("the format and an example are there for the webmaster", async ({ page, request }) => {
  await signIn(page, "/sources");
  await expect(page.getByRole("link", { name: "Schéma XSD" })).toBeVisible();
  for (const file of ["contacts-1.0.xsd", "contacts-1.1.xsd", "contacts-example.xml"])
    expect((await request.get(`/schemas/${file}`)).ok()).toBe(true);
});
