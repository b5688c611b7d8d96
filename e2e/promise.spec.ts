import { expect, test } from "@playwright/test";
import { sql } from "#lib/machine/db";
import { signToken } from "#lib/machine/tokens";
import { nameOf } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";
import { giveSiren, giveSiret } from "#testing/sirets";
import { until } from "#testing/until";
import { looksRight, picture } from "./barriers.ts";

const seed = Date.now() % 90_000_000;

/** The link of the letter that the sandbox took for this address. */
async function linkTo(address: string): Promise<string> {
  let link = "";
  await until(async () => {
    const [mail] = await sql<{ raw: Buffer }>`
      select raw from sandbox_messages where recipient = ${address} order by id desc limit 1`;
    const text =
      mail?.raw
        .toString("latin1")
        .replace(/=\r?\n/g, "")
        .replace(/=3D/g, "=") ?? "";
    link = /https?:\/\/[^\s"<>]+(\/promesse\/[\w.-]+)/.exec(text)?.[1] ?? "";
    return link !== "";
  }, "the letter");
  return link;
}

test("a company follows its letter, computes its tax, promises a share and confirms it from the mail", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const siret = giveSiret(seed);
  const email = `gerante.${seed}@castera.example`;
  const person = await givePerson(email);
  const { deliveries } = await giveCampaign([person.id]);
  await sql`
    with o as (insert into organisations (name, siren, siret) values ('Café Castéra', ${giveSiren(seed)}, ${siret}) returning id)
    insert into affiliations (contact_id, organisation_id, role) select ${person.id}, id, 'decision_maker' from o`;
  const pledge = async () =>
    (
      await sql<{ state: string; share: number; cents: string; channel: string; unverified: boolean }>`
      select p.state, p.share, p.expected_low_cents as cents, p.channel, p.unverified from pledges p
      join organisations o on o.id = p.organisation_id where o.siret = ${siret}`
    )[0];

  await page.goto(`/taxe?lettre=${signToken("pledge", await nameOf(deliveries[0]?.id ?? 0))}`);
  await page.getByLabel("Masse salariale brute").fill("1 000 000");
  await page.getByLabel("Effectif moyen").fill("20");
  await page.getByLabel("Département").fill("33");
  await page.getByRole("button", { name: "Calculer" }).click();
  await expect(page.getByRole("heading", { name: /Votre solde\s:\s900,00/ })).toBeVisible();
  await expect(page.getByLabel("SIRET de l’établissement"), "the letter's link fills it in").toHaveValue(
    siret,
  );
  await expect(page.getByLabel("Entreprise")).toHaveValue("Café Castéra");

  await page.getByLabel("SIRET de l’établissement").fill("73282932000075");
  await page.getByLabel("Part promise").fill("140");
  await page.getByLabel("Votre e-mail professionnel").fill(email);
  await page.getByRole("button", { name: "Promettre" }).click();
  await expect(page.getByLabel("SIRET de l’établissement")).toHaveAccessibleDescription(
    /Ce SIRET n’existe pas/,
  );
  await expect(page.getByLabel("Part promise")).toHaveAccessibleDescription(/jusqu’à 100/);
  await looksRight(page, "promise-form");
  await page.getByLabel("SIRET de l’établissement").fill(siret);
  await page.getByLabel("Part promise").fill("40");
  await page.getByRole("button", { name: "Promettre" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Il reste à confirmer" })).toBeVisible();
  expect(await pledge()).toBeUndefined();

  const link = await linkTo(email);
  await page.goto(link);
  await expect(page.getByText(/Café Castéra.*promet 40\s%/)).toBeVisible();
  expect(await pledge(), "opening the link does nothing").toBeUndefined();
  await looksRight(page, "promise-confirm");
  await page.getByRole("button", { name: "Confirmer la promesse" }).click();
  await expect(page.getByRole("heading", { name: "Promesse confirmée" })).toBeVisible();
  expect(await pledge()).toEqual({
    state: "pledged",
    share: 4000,
    cents: "36000",
    channel: "link",
    unverified: false,
  });
  await page.getByRole("link", { name: /Comment nous affecter/ }).click();
  await expect(page.getByRole("heading", { name: /Comment nous affecter votre solde/ })).toBeVisible();
  await looksRight(page, "promise-guide");
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 794, height: 1123 });
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(1123);
  await picture(page, "promise-guide-print");

  await page.emulateMedia({ media: "screen" });
  await page.goto("/promesse/rien");
  await expect(page.getByRole("button", { name: "Confirmer la promesse" })).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("a company promises all the same", async ({ page }) => {
    await page.goto("/taxe?masse=1000000&effectif=20&departement=33");
    await page.getByLabel("Entreprise").fill("Sans Script SARL");
    await page.getByLabel("SIRET de l’établissement").fill(giveSiret(seed + 1));
    await page.getByLabel("Votre e-mail professionnel").fill(`sans.${seed}@script.example`);
    await page.getByLabel("Part promise").fill("25");
    await page.getByRole("button", { name: "Promettre" }).click();
    await expect(page.getByRole("heading", { name: "Il reste à confirmer" })).toBeVisible();
  });
});
