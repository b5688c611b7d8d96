import { type Browser, expect, type Page, test } from "@playwright/test";
import { createUser } from "#lib/office/users/command";
import { enter, giveUser } from "./session.ts";

const stamp = Date.now().toString(36);
const admin = `ada.secret.${stamp}@src.example`;
const teacher = `paul.secret.${stamp}@src.example`;

test.beforeAll(async () => {
  await createUser({ email: admin, name: "Ada Martin", role: "administrator" }, "une phrase bien longue");
  await giveUser({ email: teacher, name: "Paul Roux", role: "teacher" });
});

async function signedIn(browser: Browser, email: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await enter(page, email);
  await expect(page.getByRole("navigation", { name: "Navigation principale" })).toBeVisible();
  return page;
}

async function openLetter(page: Page) {
  await expect(async () => {
    await page.goto(`/sandbox?q=${encodeURIComponent(admin)}`);
    await page
      .getByRole("link", { name: "Choisir un nouveau mot de passe" })
      .first()
      .click({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(page.getByRole("link", { name: "Source", exact: true })).toBeVisible();
}

test("a teacher does not become administrator by reading the administrator's reset in the sandbox", async ({
  browser,
  page,
}) => {
  await page.goto("/mot-de-passe-oublie");
  await page.getByLabel("Adresse e-mail").fill(admin);
  await page.getByRole("button", { name: "Envoyer le lien" }).click();
  await expect(page.getByText("Si un compte existe à cette adresse")).toBeVisible();

  const thief = await signedIn(browser, teacher);
  await openLetter(thief);
  await expect(thief.getByText("Un lien personnel est caché")).toBeVisible();
  await expect(
    thief.frameLocator("iframe").getByText("Vous avez demandé un nouveau mot de passe"),
  ).toBeVisible();
  const token = /reinitialisation\/[\w-]{43}/;
  for (const view of ["Rendu", "Texte", "En-têtes", "Source"]) {
    await thief.getByRole("link", { name: view, exact: true }).click();
    await expect(thief.getByRole("link", { name: view, exact: true })).toHaveAttribute(
      "aria-current",
      "page",
    );
    expect((await thief.content()).replace(/=\r?\n/g, ""), view).not.toMatch(token);
  }
  expect(await (await thief.request.get(thief.url())).text(), "what travels to the page").not.toMatch(token);
  await thief.goto("/sandbox");
  await expect(thief.getByRole("button", { name: "Vider le bac à sable" })).toHaveCount(0);

  const owner = await signedIn(browser, admin);
  await openLetter(owner);
  await owner.getByRole("link", { name: "Texte", exact: true }).click();
  await expect(owner.getByText("reinitialisation/")).toBeVisible();
  const link = token.exec(await owner.content())?.[0];
  await page.goto(`/${link}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nouveau mot de passe");
});
