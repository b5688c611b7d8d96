import { expect, test } from "@playwright/test";
import { db } from "#lib/machine/db";
import { person } from "#testing/campaigns";
import { barriers } from "./barriers";
import { enter, giveUser } from "./session";

test("a secretary notes who came, takes one back, and notes it again in two clicks", async ({ page }) => {
  const stamp = Date.now().toString(36);
  const name = `Venue${stamp}`;
  const createdAt = new Date("2015-01-01");
  const ids = [];
  for (const first of ["Anne", "Bruno"])
    ids.push(
      await person({
        firstName: first,
        lastName: name,
        createdAt,
        addresses: [{ address: `${first}.${stamp}@exemple.fr`.toLowerCase(), isPrimary: true }],
      }),
    );
  await giveUser({ email: `maud.${stamp}@src.example`, name: "Maud", role: "secretariat" });
  await enter(page, `maud.${stamp}@src.example`, `/contacts?q=${name}`);
  for (const first of ["Anne", "Bruno"])
    await page.getByRole("checkbox", { name: `Choisir ${first} ${name}` }).check();
  await page.getByRole("button", { name: "Noter leur venue" }).click();
  const dialog = page.getByRole("dialog", { name: "2 personnes ont participé à…" });
  const event = `Journée des anciens ${stamp}`;
  await dialog.getByLabel("À quoi").fill(event);
  await dialog.getByLabel("Quel jour").fill("2090-01-01");
  await dialog.getByRole("button", { name: "Noter" }).click();
  await expect(dialog.getByText("Ce jour n’est pas encore venu.")).toBeVisible();
  await dialog.getByLabel("Quel jour").fill("2026-03-12");
  await dialog.getByLabel("Quel jour").press("Enter");
  await expect(page.getByText("Venues notées.")).toBeVisible();

  await page.getByRole("link", { name: `Anne ${name}` }).click();
  await expect(page.getByText(new RegExp(`A participé à «\\s${event}\\s» le 12 mars 2026`))).toBeVisible();
  await expect(page.getByText("Fidèle", { exact: true })).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("button", { name: "Retirer", exact: true }).last().click();
  await expect(page.getByText("Aucun geste connu de sa part.")).toBeVisible();
  await page.getByRole("button", { name: "Noter sa venue" }).click();
  await page.getByRole("button", { name: `${event}, 12 mars 2026` }).click();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole("button", { name: "Noter", exact: true }).click();
  const said = page.getByRole("paragraph").filter({ hasText: "Venue notée." });
  await said.getByRole("button", { name: "Annuler" }).click();
  await expect(page.getByText("Aucun geste connu de sa part.")).toBeVisible();
  expect(await db.activity.count({ where: { kind: "came", contactId: { in: ids } } })).toBe(1);
});
