import { expect, type Page, test } from "@playwright/test";
import { sql } from "#lib/machine/db";
import { barriers, pictures } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const admin = `tax.${Date.now().toString(36)}@src.example`;

async function signIn(page: Page, path: string) {
  await giveUser({ email: admin, name: "Thaïs Taxe", role: "administrator" });
  await enter(page, admin, path);
}

test("an administrator sets a campaign of the tax, its calendar moves, and companies read it", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await signIn(page, "/settings");
  await page.getByRole("link", { name: "Régler les campagnes de la taxe" }).click();
  // The campaign that companies who compute their tax today will allocate in: the one the public page names.
  await page.goto("/taxe?masse=1000000&effectif=20&departement=33");
  const campaign = /SOLTéA en\s(\d{4})/.exec((await page.locator("main").textContent()) ?? "")?.[1] ?? "";
  await page.goto(`/settings/tax?year=${campaign}`);

  await page.getByLabel("UAI").fill("0331420R");
  await page.getByLabel("IBAN").fill("FR76 3000 6000 0112 3456 7890 188");
  await page.getByRole("button", { name: "Enregistrer l’établissement" }).click();
  await expect(page.getByLabel("UAI")).toHaveAccessibleDescription(/Cette UAI n’existe pas/);
  await expect(page.getByLabel("IBAN")).toHaveValue("FR76 3000 6000 0112 3456 7890 188");
  await page.getByLabel("UAI").fill("0331420P");
  await page.getByLabel("IBAN").fill("FR76 3000 6000 0112 3456 7890 189");
  await page.getByLabel("Habilité jusqu’au").fill("2026-01-31");
  await page.getByRole("button", { name: "Enregistrer l’établissement" }).click();
  await expect(page.getByText("Établissement enregistré").first()).toBeVisible();
  await page.reload();
  await expect(page.getByText(/Gardé\s:\s…\s0189/)).toBeVisible();
  await expect(page.getByText(/L’habilitation s’est arrêtée le 31 janvier 2026/)).toBeVisible();

  const closes = page.getByLabel("Période 2, dernier jour");
  await closes.fill(`${campaign}-10-24`);
  await page.getByRole("button", { name: "Enregistrer le calendrier" }).click();
  await expect(page.getByText("Dites où les nouvelles dates ont été lues")).toBeVisible();
  await expect(closes, "what was typed stays").toHaveValue(`${campaign}-10-24`);
  await page.getByLabel("Source").fill("Arrêté du 4 mai");
  await page.getByRole("button", { name: "Enregistrer le calendrier" }).press("Enter");
  await expect(page.getByText("Calendrier enregistré").first()).toBeVisible();
  await closes.fill(`${campaign}-10-30`);
  await page.getByLabel("Source").fill("SOLTéA, 9 juillet");
  await page.getByRole("button", { name: "Enregistrer le calendrier" }).click();
  const history = page.getByRole("table", { name: "D’où viennent les dates" });
  await expect(history.getByRole("row", { name: /24 octobre .*Remplacée.*Arrêté du 4 mai/ })).toBeVisible();
  await expect(
    history.getByRole("row", { name: /30 octobre .*SOLTéA, 9 juillet.*Thaïs Taxe/ }),
  ).toBeVisible();

  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  }
  await page.setViewportSize({ width: 1280, height: 844 });
  await pictures(page, "tax-years");

  await page.goto("/taxe?masse=1000000&effectif=20&departement=33");
  await expect(page.getByText(/établissement par son UAI\s:\s0331420P/)).toBeVisible();
  await expect(page.getByText(/jusqu’au 30 octobre/)).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  await pictures(page, "taxe");
  const acts =
    await sql`select from audit_entries where action in ('settings.taxYear', 'settings.taxCalendar')`;
  expect(acts).toHaveLength(3);
});
