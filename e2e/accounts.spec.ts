import { expect, type Page, test } from "@playwright/test";
import { sql } from "../lib/machine/db.ts";
import { createUser } from "../lib/office/users/command.ts";
import { inviteUser } from "../lib/office/users/invite.ts";

const phrase = "une phrase bien longue";
const stamp = Date.now().toString(36);
const admin = `ada.${stamp}@src.example`;
const reader = `lea.${stamp}@src.example`;

test.beforeAll(async () => {
  await createUser({ email: admin, name: "Ada Martin", role: "administrator" }, phrase);
  await createUser({ email: reader, name: "Léa Petit", role: "reader" }, phrase);
});

async function signIn(page: Page, email: string, password = phrase) {
  await page.goto("/connexion");
  await page.getByLabel("Adresse e-mail").fill(email);
  await page.getByLabel("Mot de passe", { exact: false }).first().fill(password);
  await page.getByRole("button", { name: "Se connecter" }).click();
}

test("a page asks who I am, then takes me there", async ({ page }) => {
  await page.goto("/account");
  await expect(page).toHaveURL(/\/connexion\?callbackUrl=/);
  await page.getByLabel("Adresse e-mail").fill(admin);
  await page.getByLabel("Mot de passe", { exact: false }).first().fill(phrase);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mon compte");
});

test("an address to come back to never leads to another site", async ({ page }) => {
  const targets = ["/%09/evil.example", "//evil.example", "/%5Cevil.example", "https://evil.example/"];
  await page.goto(`/connexion?callbackUrl=${targets[0]}`);
  await page.getByLabel("Adresse e-mail").fill(reader);
  await page.getByLabel("Mot de passe", { exact: false }).first().fill(phrase);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await expect(page.getByRole("navigation", { name: "Navigation principale" })).toBeVisible();
  const home = `${new URL(page.url()).origin}/`;
  expect(page.url()).toBe(home);
  for (const target of targets) {
    await page.goto(`/connexion?callbackUrl=${target}`);
    expect(page.url(), target).toBe(home);
  }
});

test("a browser without cookies is told so, after a few redirects", async ({ request }) => {
  let [path, hops] = ["/contacts?q=martin", 0];
  let answer = await request.get(path, { maxRedirects: 0 });
  for (; answer.status() >= 300 && answer.status() < 400 && hops < 10; hops++) {
    path = answer.headers().location ?? "";
    answer = await request.get(path, { maxRedirects: 0, headers: { cookie: "" } });
  }
  expect(hops).toBeLessThan(6);
  expect(await answer.text()).toContain("Votre navigateur refuse les cookies");
});

test("a wrong password and an unknown account get the same sentence", async ({ page }) => {
  for (const email of [reader, `personne.${stamp}@src.example`]) {
    await signIn(page, email, "autre chose");
    await expect(page.getByRole("alert").first()).toContainText("ne convient pas");
    await expect(page.getByLabel("Adresse e-mail"), "what was typed stays").toHaveValue(email);
    await expect(page.getByLabel("Mot de passe", { exact: false }).first()).toBeFocused();
    expect(page.url(), "addresses are no part of an address").not.toContain("example");
  }
});

test("a reader sees no administration and is refused it", async ({ page }) => {
  await signIn(page, reader);
  const nav = page.getByRole("navigation", { name: "Navigation principale" });
  await expect(nav.getByRole("link", { name: "Contacts" })).toBeVisible();
  await expect(nav.getByRole("link", { name: "Utilisateurs" })).toHaveCount(0);
  const answer = await page.goto("/users");
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Accès refusé");
});

test("someone invited chooses a password and comes in", async ({ page }) => {
  const email = `nadia.${stamp}@src.example`;
  const made = await inviteUser({ email, name: "Nadia Roux", role: "teacher" }, null);
  await page.goto(made.ok ? new URL(made.url).pathname : "/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Bienvenue, Nadia Roux");
  await page.getByLabel("Mot de passe").fill("court");
  await page.getByRole("button", { name: "Enregistrer et continuer" }).click();
  await expect(page.getByText("Il faut douze caractères au moins.")).toBeVisible();
  await page.getByLabel("Mot de passe").fill(phrase);
  await page.getByRole("button", { name: "Enregistrer et continuer" }).click();
  await expect(page.getByText("Votre mot de passe est enregistré.")).toBeVisible();
  await signIn(page, email);
  await expect(page.getByRole("navigation", { name: "Navigation principale" })).toBeVisible();
});

test("signing somebody out ends their session at once", async ({ page }) => {
  await signIn(page, reader);
  await expect(page.getByRole("navigation", { name: "Navigation principale" })).toBeVisible();
  await sql`update user_sessions set revoked_at = now() where user_id = (select id from users where email = ${reader})`;
  await page.goto("/account");
  await expect(page).toHaveURL(/\/connexion/);
});

test("the palette opens by keyboard and goes where it is told", async ({ page }) => {
  await signIn(page, admin);
  await page.goto("/account");
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Palette de commandes" }).fill("réglages");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings$/);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("I sign in, change my name and choose the dark look", async ({ page }) => {
    await signIn(page, admin);
    await page.goto("/account");
    await page.getByLabel("Nom").fill("Ada Durand");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await expect(page.getByLabel("Nom")).toHaveValue("Ada Durand");
    await page
      .getByRole("button", { name: /Ada Durand/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Sombre" }).first().click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  });
});
