import { expect, test } from "@playwright/test";
import { db, sql } from "#lib/machine/db";
import { signToken } from "#lib/machine/tokens";
import { nameOf } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";
import { barriers } from "./barriers";
import { enter, giveUser } from "./session";

const stamp = Date.now().toString(36);

test("a reader pauses, leaves, regrets, and asks for a correction that the office accepts", async ({
  page,
}) => {
  const person = await givePerson(`rose.${stamp}@exemple.fr`);
  await sql`update contacts set last_name = ${`Lafon ${stamp}`} where id = ${person.id}`;
  const { deliveries } = await giveCampaign([person.id]);
  const path = `/preferences/${signToken("preferences", await nameOf(deliveries[0]?.id ?? 0))}`;
  await page.goto(path);
  await page.getByText("Pourquoi je reçois ces lettres").click();
  await expect(page.getByText(/sans inscription de votre part/).first()).toBeVisible();
  expect(await barriers(page)).toEqual([]);

  await page.getByRole("button", { name: "Ne plus rien recevoir pendant six mois" }).click();
  await expect(page.getByText(/En pause jusqu’au/)).toBeVisible();
  await page.getByRole("button", { name: "Les recevoir de nouveau dès maintenant" }).click();
  await expect(page.getByText(/En pause jusqu’au/)).toHaveCount(0);

  await page.getByRole("button", { name: "Tout arrêter" }).click();
  await expect(page.getByRole("heading", { name: "C’est fait" })).toBeVisible();
  await page.getByRole("button", { name: "Me réabonner" }).click();
  await expect(page.getByRole("heading", { name: "Mes abonnements" })).toBeVisible();

  await page.getByText("Corriger mes données").click();
  await page.getByLabel("Ville").fill("Arcachon");
  await page.getByRole("button", { name: "Demander cette correction" }).click();
  await expect(page.getByText(/Votre demande est transmise/)).toBeVisible();
  const city = async () => (await db.contact.findUniqueOrThrow({ where: { id: person.id } })).city;
  expect(await city(), "nothing is written by itself").toBe("");

  await giveUser({ email: `maud.${stamp}@src.example`, name: "Maud", role: "secretariat" });
  await enter(page, `maud.${stamp}@src.example`, "/received/corrections");
  const row = page.getByRole("listitem").filter({ hasText: `Lafon ${stamp}` });
  await expect(row).toContainText("vide → Arcachon");
  await row.getByRole("button", { name: "Accepter" }).click();
  await expect(row).toHaveCount(0);
  expect(await city()).toBe("Arcachon");
});
