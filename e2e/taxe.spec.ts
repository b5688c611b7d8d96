import { expect, test } from "@playwright/test";

test("a company computes its tax in three fields, and sees every step with its law", async ({ page }) => {
  await page.goto("/taxe");
  await page.getByLabel("Masse salariale brute").fill("249 600");
  await page.getByLabel("Effectif moyen").fill("8");
  await page.getByLabel("Département").fill("33000");
  await page.getByLabel("Département").press("Enter");
  await expect(page.getByRole("heading", { name: /Votre solde\s:\s224,64/ })).toBeVisible();
  await expect(page.getByText(/Part principale\s1\s472,64/)).toBeVisible();
  await page.getByText("Le détail du calcul").press("Enter");
  await expect(page.getByText(/0,09\s% de\s249\s600/)).toBeVisible();
  await expect(page.getByText("L6241-2 II").first()).toBeVisible();
  await expect(page.getByLabel("Masse salariale brute"), "what was typed stays").toHaveValue("249 600");
});

test("a large company is asked for its share of work-study contracts", async ({ page }) => {
  await page.goto("/taxe?masse=42000000&effectif=1000&departement=33");
  await expect(page.getByText("Dès 250 salariés, cette part décide")).toBeVisible();
  await expect(page.getByRole("heading", { name: /Votre solde/ })).toHaveCount(0);
  await page.getByLabel("Part d’alternants").fill("6,4");
  await page.getByRole("button", { name: "Calculer" }).click();
  await expect(page.getByRole("heading", { name: /32\s200,00/ })).toBeVisible();
});

test("faults are said at their field, Alsace-Moselle has no solde", async ({ page }) => {
  await page.goto("/taxe?masse=beaucoup&effectif=x&departement=Gironde");
  await expect(page.getByLabel("Masse salariale brute")).toHaveAccessibleDescription(/Écrivez un montant/);
  await expect(page.getByLabel("Effectif moyen")).toHaveAccessibleDescription(/nombre entier/);
  await page.goto("/taxe?masse=1300000&effectif=40&departement=67");
  await expect(page.getByRole("heading", { name: "Pas de solde à répartir" })).toBeVisible();
});

test.describe("without JavaScript, on a phone", () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  test("it computes all the same", async ({ page }) => {
    await page.goto("/taxe");
    await page.getByLabel("Masse salariale brute").fill("1000000");
    await page.getByLabel("Effectif moyen").fill("20");
    await page.getByLabel("Département").fill("2A");
    await page.getByRole("button", { name: "Calculer" }).click();
    await expect(page.getByRole("heading", { name: /Votre solde\s:\s900,00/ })).toBeVisible();
  });
});
