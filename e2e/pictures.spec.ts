import { expect, type Page, test } from "@playwright/test";
import sharp from "sharp";
import { noise, photo } from "#testing/pictures";
import { enter, giveUser } from "./session.ts";

const account = "photos@src.example";

test.beforeAll(async () => {
  await giveUser({ email: account, name: "Paule Objectif", role: "teacher" });
});

async function openDraft(page: Page) {
  await enter(page, account, "/campaigns/new");
  await page.getByRole("button", { name: "Commencer avec ce modèle" }).first().click();
  await page.waitForURL(/\/compose$/);
}

test("a telephone’s photograph is taken, turned upright, and its place is forgotten", async ({ page }) => {
  await openDraft(page);
  const address = page.getByLabel("Adresse de l’image").first();
  const choose = page.locator('input[type="file"][accept^="image/"]').first();
  await choose.setInputFiles({ name: "IMG_0042.JPG", mimeType: "image/jpeg", buffer: photo });
  await expect(address).toHaveValue(/\/api\/images\/[0-9a-f]{32}\.jpg$/);
  await expect(page.getByText(/^Enregistré à/).first()).toBeVisible();
  const path = new URL(await address.inputValue()).pathname;
  const served = await page.request.get(path);
  const bytes = await served.body();
  const { width, height } = await sharp(bytes).metadata();
  expect([width, height]).toEqual([300, 400]);
  expect(bytes.toString("latin1")).not.toMatch(/Exif|Auteur|Essai/);

  // What a telephone makes today: heavier than a form may be.
  const large = await noise(4500, 3400, "jpeg");
  expect(large.length).toBeGreaterThan(4.5e6);
  await choose.setInputFiles({ name: "grande.jpg", mimeType: "image/jpeg", buffer: large });
  await expect(address).not.toHaveValue(new RegExp(path));
});

test("what cannot be shown is refused with a sentence, beside its button", async ({ page }) => {
  await openDraft(page);
  const choose = page.locator('input[type="file"][accept^="image/"]').first();
  const refused = async (name: string, buffer: Buffer, sentence: RegExp) => {
    await choose.setInputFiles({ name, mimeType: "image/jpeg", buffer });
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
  };
  await refused("coupée.jpg", photo.subarray(0, photo.length >> 1), /incomplète ou abîmée/);
  await refused("dessin.jpg", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), /pas une image/);
  await refused("IMG.HEIC", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"), /HEIC.*JPEG/);
  await refused("énorme.jpg", Buffer.alloc(26 * 1024 * 1024, photo), /dépasse 25/);
});

test("a document is attached by a link of the letter", async ({ page }) => {
  await openDraft(page);
  const pdf = Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n");
  await page.getByRole("button", { name: "Bouton", exact: true }).click();
  const block = page.getByRole("listitem", { name: /^Bouton, bloc/ });
  const given = { name: "Programme été.pdf", mimeType: "application/pdf", buffer: pdf };
  await block.locator('input[type="file"]').setInputFiles(given);
  const address = block.getByLabel("Adresse", { exact: true });
  await expect(address).toHaveValue(/\/api\/files\/[0-9a-f]{32}\.pdf$/);
  const served = await page.request.get(new URL(await address.inputValue()).pathname);
  expect(served.headers()["content-disposition"]).toMatch(
    /^attachment; .*filename\*=UTF-8''Programme%20%C3%A9t%C3%A9\.pdf/,
  );
  await block.locator('input[type="file"]').setInputFiles({ ...given, buffer: Buffer.from("MZ\x90") });
  await expect(block.getByRole("alert").filter({ hasText: "pas d’un type" })).toBeVisible();

  const text = page.getByRole("listitem", { name: /^Texte, bloc/ }).first();
  await text.locator('input[type="file"]').setInputFiles(given);
  await expect(text.getByRole("textbox").first()).toHaveValue(/\[Programme été\.pdf\]\(http.*\.pdf\)/);
});
