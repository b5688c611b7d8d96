import { expect, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { barriers } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const mark = Date.now().toString(36);
const staff = `pledges.${mark}@src.example`;
/** A campaign of its own: other journeys have their pledges in others. */
const year = 2041;

async function companies() {
  const made: number[] = [];
  for (const name of ["Agence Albizia", "Bureau Bergamote", "Studio Cyprès"]) {
    const { id } = await db.organisation.create({
      data: { name: `${name} ${mark}`, postcode: "33000", city: "Bordeaux", phone: "05 36 49 12 34" },
    });
    const pledge = await db.pledge.create({ data: { organisationId: id, campaignYear: year } });
    made.push(pledge.id);
  }
  return made;
}

test("a colleague follows pledges by keyboard, by menu and by dragging, but never into « Reçu »", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const [albizia = 0, bergamote = 0, cypres = 0] = await companies();
  await giveUser({ email: staff, name: "Paule Promesse", role: "teacher" });
  await enter(page, staff, `/pledges?year=${year}`);
  const column = (state: string) => page.locator(`[data-column="${state}"]`);
  const card = (id: number) => page.locator(`[data-card="${id}"]`);
  await expect(column("to_solicit")).toContainText("À solliciter");
  await expect(column("to_solicit").locator("[data-card]")).toHaveCount(3);

  // By keyboard: arrows, then M, then the first letters of a state.
  await card(cypres)
    .getByRole("link", { name: /Studio Cyprès/ })
    .first()
    .focus();
  await page.keyboard.press("ArrowDown");
  await expect(card(bergamote).getByRole("link").first()).toBeFocused();
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog", { name: /Déplacer Bureau Bergamote/ });
  await dialog.getByLabel("Vers").selectOption({ label: "Promis" });
  await dialog.getByRole("button", { name: "Déplacer" }).click();
  await expect(dialog.getByText("Dites quelle part du solde est promise")).toBeVisible();
  await dialog.getByLabel(/Part du solde/).fill("40");
  await dialog.getByLabel(/Part du solde/).press("Enter");
  await expect(column("pledged").locator(`[data-card="${bergamote}"]`)).toContainText("40 % du solde");
  await expect(page.getByRole("status").filter({ hasText: "Promis, 1 sur 1" })).toHaveCount(1);
  await expect(card(bergamote).getByRole("link").first(), "the focus follows the card").toBeFocused();

  // By pointer without dragging.
  await card(albizia)
    .getByRole("link", { name: /Déplacer Agence Albizia/ })
    .click();
  const menu = page.getByRole("dialog", { name: /Déplacer Agence Albizia/ });
  await expect(menu.getByLabel("Vers").getByRole("option", { name: "Reçu" })).toHaveCount(0);
  await menu.getByLabel("Vers").selectOption({ label: "Refusé" });
  await menu.getByLabel("Pourquoi").fill("Donne à un CFA");
  await menu.getByRole("button", { name: "Déplacer" }).click();
  await expect(column("refused").locator(`[data-card="${albizia}"]`)).toBeVisible();

  // By dragging; what only a transfer does is refused with the reason, and nothing moves.
  await card(cypres).dragTo(column("solicited"));
  await expect(column("solicited").locator(`[data-card="${cypres}"]`)).toBeVisible();
  await expect
    .poll(async () => (await db.pledge.findUnique({ where: { id: cypres } }))?.state)
    .toBe("solicited");
  // Both on the screen first: what scrolls under a drag is the browser's own affair.
  await column("received").scrollIntoViewIfNeeded();
  await card(bergamote).dragTo(column("received"));
  const only = page.getByRole("dialog", { name: /Reçu.*vient des virements/ });
  await expect(only.getByText(/Seul un virement rapproché/)).toBeVisible();
  await only.getByRole("button", { name: "J’ai compris" }).click();
  await expect(column("pledged").locator(`[data-card="${bergamote}"]`)).toBeVisible();
  expect((await db.pledge.findUniqueOrThrow({ where: { id: bergamote } })).state).toBe("pledged");

  // A colleague was faster: the card goes back where it was, and the page says so.
  await db.pledge.update({ where: { id: cypres }, data: { version: { increment: 1 } } });
  await card(cypres).dragTo(column("to_solicit"));
  await expect(page.getByRole("status").filter({ hasText: "n’a pas bougé" })).toHaveCount(1);
  await expect(column("solicited").locator(`[data-card="${cypres}"]`)).toBeVisible();

  for (const [width, colorScheme] of [
    [1440, "light"],
    [820, "dark"],
    [390, "light"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    for (const view of ["", "/table", "/calendar", "/calls", "/report"]) {
      await page.goto(`/pledges${view}?year=${year}`);
      expect(await barriers(page), `${view} ${width}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  }

  // Its page, a call, and the company behind it.
  await page.goto(`/pledges/${bergamote}`);
  await page.getByLabel("Ce qui s’est dit").fill("Décision en mai");
  await page.getByRole("button", { name: "Noter un échange" }).click();
  await expect(page.getByText("Échange noté").first()).toBeVisible();
  await page.getByRole("link", { name: "Page de l’entreprise" }).click();
  await expect(page.getByText(/par Paule Promesse : Décision en mai/)).toBeVisible();
  await page.getByRole("button", { name: "Dire l’assiette" }).click();
  await page.getByLabel(/Masse salariale brute/).fill("1 000 000");
  await page.getByRole("dialog").getByRole("button", { name: "Dire l’assiette" }).click();
  await expect(page.getByText("Solde entier : 900 €")).toBeVisible();
  await page.getByRole("button", { name: "Noter un paiement direct" }).click();
  const wrong = page.getByRole("dialog");
  await expect(wrong.getByText(/ne délivre jamais de reçu libératoire/)).toBeVisible();
  await wrong.getByLabel("Montant en euros").fill("300");
  await wrong.getByLabel("Reçu le").fill("2041-05-02");
  await wrong.getByRole("button", { name: "Noter un paiement direct" }).click();
  await expect(page.getByText("À rendre", { exact: true })).toBeVisible();
  expect(await barriers(page)).toEqual([]);
});
