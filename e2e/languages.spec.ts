import { expect, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { signToken } from "#lib/machine/tokens";
import { hashPassword } from "#lib/office/users/password";
import { readyCampaign } from "#testing/campaigns";
import { nameOf } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";
import { enter } from "./session.ts";

async function giveReader(locale: "fr" | "en") {
  const person = await givePerson(`${locale}.${Date.now().toString(36)}@ailleurs.example`);
  await db.contact.update({ where: { id: person.id }, data: { locale } });
  const { deliveries } = await giveCampaign([person.id]);
  const name = await nameOf(deliveries[0]?.id ?? 0);
  return (page: string, purpose: "unsubscribe" | "preferences") => `/${page}/${signToken(purpose, name)}`;
}

test("a reader who reads English finds English, whatever their browser speaks", async ({ page }) => {
  const english = await giveReader("en");
  await page.goto(english("desabonnement", "unsubscribe"));
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("heading", { name: "Unsubscribe" })).toBeVisible();
  await page.goto(english("preferences", "preferences"));
  await expect(page.locator("html")).toHaveAttribute("lang", "en");

  const french = await giveReader("fr");
  await page.goto(french("desabonnement", "unsubscribe"));
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
});

test("what the department wrote in French is said to be French on an English page", async ({ page }) => {
  const english = await giveReader("en");
  await page.goto(english("preferences", "preferences"));
  for (const name of ["Lettre SRC", "4média"])
    await expect(page.locator("label [lang=fr]").getByText(name, { exact: true })).toBeVisible();
  await page.goto(english("desabonnement", "unsubscribe"));
  await expect(page.locator("label [lang=fr]")).toHaveText("Lettre SRC");
  await page.getByRole("button", { name: "Unsubscribe" }).click();
  await expect(page.getByText("will not receive").locator("[lang=fr]")).toHaveText("Lettre SRC");

  const french = await giveReader("fr");
  await page.goto(french("preferences", "preferences"));
  await expect(page.getByRole("checkbox", { name: /Lettre SRC/ })).toBeVisible();
  await expect(page.locator("label [lang]")).toHaveCount(0);
});

test("a reader changes the language of the page by its button, and it stays", async ({ page }) => {
  const english = await giveReader("en");
  await page.goto(english("desabonnement", "unsubscribe"));
  await page.getByRole("button", { name: "Français" }).click();
  await expect(page.getByRole("heading", { name: "Se désabonner" })).toBeVisible();
  await page.goto("/confidentialite");
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
});

test.describe("in an English browser", () => {
  test.use({ locale: "en-GB" });

  test("pages of nobody in particular speak English, a French reader’s speak French", async ({ page }) => {
    for (const path of [
      "/connexion",
      "/confidentialite",
      "/accessibilite",
      "/mentions-legales",
      "/taxe",
      "/mot-de-passe-oublie",
    ]) {
      await page.goto(path);
      await expect(page.locator("html"), path).toHaveAttribute("lang", "en");
    }
    const french = await giveReader("fr");
    await page.goto(french("preferences", "preferences"));
    await expect(page.locator("html")).toHaveAttribute("lang", "fr");
    await page.goto("/desabonnement/forged");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
  });
});

test("a member of staff who reads English hears French names as French: lists, groups, stops", async ({
  page,
}) => {
  const mark = Date.now().toString(36);
  const account = { email: `clerk.${mark}@src.example`, password: "une phrase bien longue" };
  const passwordHash = await hashPassword(account.password);
  await db.user.create({
    data: { email: account.email, name: "Ada Clerk", role: "administrator", locale: "en", passwordHash },
  });
  await enter(page, account.email);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");

  await page.goto(`/campaigns/${await readyCampaign()}/compose`);
  for (const field of ["segmentId", "topicId", "identityId"]) {
    await expect(page.locator(`select[name=${field}] option[lang=fr]`).first()).toBeAttached();
    await expect(page.locator(`select[name=${field}] option[value]:not([value=""], [lang=fr])`)).toHaveCount(
      0,
    );
  }
  await page.goto("/segments/new");
  await expect(
    page.getByRole("group").locator("label [lang=fr]").getByText("Lettre SRC").first(),
  ).toBeVisible();

  const person = await givePerson(`stopped.${mark}@ailleurs.example`);
  const address = hashAddress(`stopped.${mark}@ailleurs.example`);
  await db.suppression.create({ data: { addressHash: address, topicId: 1, reason: "unsubscribe" } });
  await page.goto(`/contacts/${person.id}`);
  const stop = page.getByText("Unsubscribed: Lettre SRC, since");
  await expect(stop.locator("[lang=fr]")).toHaveText("Lettre SRC");
});
