import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { peopleXml } from "#testing/sources";
import { barriers, pictures } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const account = "review@src.example";
const mark = `r${Date.now()}`;
const key = `${mark}-site`;

let body = "";
const site = createServer((_, response) => response.writeHead(200).end(body));

test.beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  await giveUser({ email: account, name: "Rose Relit", role: "administrator" });
});

test.afterAll(() => site.close());

const give = (...people: [id: string, phone: string, year: number][]) => {
  body = peopleXml(
    people.map(([id, phone, year]) => ({
      id,
      lastName: `Relue${id}${mark}`,
      emails: [`${id}.${mark}@exemple.fr`],
      body: `<phone>${phone}</phone><graduationYear>${year}</graduationYear>`,
    })),
    key,
  );
};

test("what a site would change waits, is decided by field and by person, and happens as decided", async ({
  page,
}) => {
  await enter(page, account, "/sources/new");
  await page.getByRole("textbox", { name: /^Nom/ }).fill(`Relue ${mark}`);
  await page.getByLabel("Clé").fill(key);
  await page
    .getByLabel("Adresse du fichier")
    .fill(`http://127.0.0.1:${(site.address() as AddressInfo).port}/contacts.xml`);
  await page.getByLabel("Autoriser une adresse de réseau privé").check();
  await page.getByLabel("Application").selectOption({ label: "Toujours après approbation" });
  await page.getByText("Quand le site et le carnet ont tous deux changé un champ").click();
  await page.getByText("Garde-fous").click();
  expect(await barriers(page)).toEqual([]);
  await pictures(page, "review-form");
  await page.getByRole("button", { name: "Créer la source" }).click();

  give(["a", "05 57 12 20 01", 2001], ["b", "05 57 12 20 02", 2002]);
  await page.getByRole("button", { name: "Synchroniser" }).click();
  await expect(page.getByText("Rien n’est écrit : ces changements attendent votre décision")).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByText("2 nouvelles personnes", { exact: false }).first()).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  await pictures(page, "review-created");
  await page.getByRole("button", { name: "Appliquer 2 changements" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Appliquer" }).click();
  await expect(page.getByText("Réussie")).toBeVisible({ timeout: 30_000 });

  give(["a", "05 57 12 20 11", 2011], ["b", "05 57 12 20 12", 2012]);
  await page.getByRole("link", { name: `Relue ${mark}` }).click();
  await page.getByRole("button", { name: "Synchroniser" }).click();
  await expect(page.getByText("2 corrigées", { exact: false })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("link", { name: /^Téléphone/ }).click();
  await page.getByRole("button", { name: "Refuser : Téléphone" }).click();
  await expect(page.getByText("Refusé", { exact: true })).toHaveCount(2);
  await page.getByRole("button", { name: `Accepter : Relueb${mark}` }).click();
  await expect(page.getByText("Refusé", { exact: true })).toHaveCount(1);
  expect(await barriers(page)).toEqual([]);
  await pictures(page, "review-decided");
  await page.getByRole("button", { name: "Appliquer 2 changements" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Appliquer" }).click();
  await expect(page.getByText("Réussie")).toBeVisible({ timeout: 30_000 });
  expect(await barriers(page)).toEqual([]);
  await pictures(page, "review-applied");
  const people = await db.contact.findMany({
    where: { lastName: { endsWith: mark } },
    select: { phone: true, graduationYear: true },
    orderBy: { lastName: "asc" },
  });
  expect(people).toEqual([
    { phone: "+33 5 57 12 20 01", graduationYear: 2011 },
    { phone: "+33 5 57 12 20 12", graduationYear: 2012 },
  ]);
});
