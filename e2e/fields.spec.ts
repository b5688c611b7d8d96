/** A site that keeps its own words: a file is looked at, its names are proposed, put right, kept, and read. */
import { expect, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { barriers, pictures } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const account = "fields@src.example";
const mark = `f${Date.now()}`;
const pupils = `<export><eleve matricule="1"><nom_usuel>Dupont${mark}</nom_usuel><tel_fixe>05 57 12 20 44</tel_fixe><mel>pas une adresse</mel></eleve>
<eleve matricule="2"><nom_usuel>Durand</nom_usuel></eleve></export>`;

test("the administrator says where a site’s own file has our fields, and looks before it is kept", async ({
  page,
}) => {
  await giveUser({ email: account, name: "Anne Champs", role: "administrator" });
  const { id } = await db.source.create({
    data: { key: mark, name: `Site ${mark}`, defaultKind: "former_src" },
  });
  await enter(page, account, `/sources/${id}`);
  await page.getByRole("link", { name: "Champs du site" }).click();
  await page
    .getByLabel("Un fichier, XML ou JSON")
    .setInputFiles({ name: "eleves.xml", mimeType: "text/xml", buffer: Buffer.from(pupils) });
  await expect(page.getByLabel("Élément d’une personne")).toHaveValue("eleve");
  await expect(page.getByLabel("Nom", { exact: true })).toHaveValue("nom_usuel");
  await expect(page.getByText(`Dupont${mark}`)).toBeVisible();
  await expect(page.getByText("adresse électronique incomplète")).toBeVisible();
  await expect(page.getByText("05 57 12 20 44")).toBeHidden();
  await page.getByLabel("Téléphone").fill("tel_fixe");
  await page.keyboard.press("Tab");
  await expect(page.getByText("05 57 12 20 44")).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  await pictures(page, "fields");
  await page.getByRole("button", { name: "Enregistrer la correspondance" }).click();
  await expect(page.getByText("Correspondance enregistrée").first()).toBeVisible();

  await page.goto(`/sources/${id}`);
  await page
    .getByLabel("Fichier de contacts")
    .setInputFiles({ name: "eleves.xml", mimeType: "text/xml", buffer: Buffer.from(pupils) });
  await page.getByRole("button", { name: "Envoyer et importer" }).click();
  await expect(page.getByText("Réussie")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("row", { name: `Dupont${mark} Nouvelle personne` })).toBeVisible();
});
