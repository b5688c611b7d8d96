import { expect, test } from "@playwright/test";
import { sql } from "#lib/machine/db";
import { wallClock } from "#lib/machine/paris";
import { givePerson } from "#testing/received";
import { barriers } from "./barriers";
import { enter, giveUser } from "./session";

const stamp = Date.now().toString(36);
const maud = `maud.${stamp}@src.example`;

test("a task is made on a contact’s page, moved, given, done and taken back", async ({ page }) => {
  await giveUser({ email: maud, name: `Maud ${stamp}`, role: "secretariat" });
  await giveUser({ email: `hugo.${stamp}@src.example`, name: `Hugo ${stamp}`, role: "teacher" });
  const person = await givePerson(`jeanne.${stamp}@exemple.fr`);
  await sql`update contacts set first_name = 'Jeanne', last_name = ${`Arrieu ${stamp}`} where id = ${person.id}`;
  await enter(page, maud, `/contacts/${person.id}`);
  await page.getByRole("button", { name: "Nouvelle tâche" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("À faire").fill("Rappeler Jeanne");
  await form.getByLabel("Jusqu’au").fill(wallClock(new Date()).slice(0, 10));
  await form.getByRole("button", { name: "Créer la tâche" }).click();
  await expect(page.getByText("Tâche créée.")).toBeVisible();
  await expect(page.getByText("Tâche à faire\u202f: Rappeler Jeanne")).toBeVisible();

  await page.goto("/");
  await expect(page.getByRole("region", { name: "Mes tâches du jour" })).toContainText("Rappeler Jeanne");
  await page.goto("/tasks");
  const row = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Rappeler Jeanne" }) });
  await expect(row).toContainText("Aujourd’hui");
  expect(await barriers(page)).toEqual([]);

  await row.getByRole("button", { name: "+ 1 jour" }).click();
  await expect(page.getByText("Tâche déplacée.")).toBeVisible();
  await expect(row).not.toContainText("Aujourd’hui");
  await page.getByRole("status").getByRole("button", { name: "Annuler" }).click();
  await expect(row).toContainText("Aujourd’hui");

  await row.getByRole("link", { name: "Rappeler Jeanne" }).focus();
  await page.keyboard.press("f");
  await expect(page.getByText("Tâche faite.")).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.getByRole("status").getByRole("button", { name: "Annuler" }).last().click();
  await expect(row).toBeVisible();

  await row.getByRole("button", { name: "Donner à…" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Hugo ${stamp}` })
    .click();
  await expect(row).toHaveCount(0);
  const [kept] = await sql<{ owner: string }>`
    select u.name as owner from tasks t join users u on u.id = t.owner_id where t.contact_id = ${person.id}`;
  expect(kept?.owner).toBe(`Hugo ${stamp}`);
});
