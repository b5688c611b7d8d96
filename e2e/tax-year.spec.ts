import { expect, type Page, test } from "@playwright/test";
import { db, sql } from "#lib/machine/db";
import { wallClock } from "#lib/machine/paris";
import { readTable } from "#lib/machine/sheets/read";
import { ratesWith } from "#lib/tax/rules/rates";
import { payYear } from "#lib/tax/simulator/rules";
import { person } from "#testing/campaigns";
import { giveSiret } from "#testing/sirets";
import { until } from "#testing/until";
import { looksRight } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const mark = Date.now().toString(36);
const staff = `annee.${mark}@src.example`;
const email = `gerante.${mark}@castera.example`;
const [castera, garonne] = [`Café ${mark}`, `Garonne ${mark}`];
const seed = Date.now() % 80_000_000;
const [siret, other] = [giveSiret(seed + 7), giveSiret(seed + 8)];
/** What /taxe promises for today, and the campaign before it; a transfer number of this journey alone. */
const year = payYear(wallClock(new Date()).slice(0, 10), ratesWith()) + 1;
const number = 10 + (seed % 80);

async function upload(page: Page, label: RegExp, name: string, text: string) {
  const form = page.locator("form").filter({ has: page.getByLabel(label) });
  await form.getByLabel(label).setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await form.getByRole("button", { name: "Voir l’aperçu" }).click();
}

/** SOLTéA’s list and the bank’s statement arrive; leads to the transfer. */
async function receive(page: Page, of: number, lines: [string, string, string][], total: string) {
  await page.goto(`/transfers?year=${of}`);
  const rows = lines.map((line) => line.join(";"));
  await upload(
    page,
    /Une liste de SOLTéA/,
    `liste-${of}-${mark}.csv`,
    ["SIRET;Raison sociale;Montant affecté", ...rows].join("\r\n"),
  );
  await page.getByLabel("Campagne SOLTéA").fill(String(of));
  await page.getByLabel("Numéro du virement").last().fill(String(number));
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText("Fichier enregistré")).toBeVisible();
  const label = `VIR TAXE- APPRENTISSAGE - 19331766600017 - ${of} - ${number}`;
  await upload(
    page,
    /Un relevé de la banque/,
    `releve-${of}-${mark}.csv`,
    `Date;Libellé;Crédit\r\n11/07/${of};${label};${total}\r\n`,
  );
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText("Fichier enregistré")).toBeVisible();
  await page.getByRole("link", { name: `Virement ${number}`, exact: true }).click();
}

/** The address in the last letter that the sandbox took for somebody, of this kind. */
async function linkIn(address: string, pattern: RegExp): Promise<string> {
  let link = "";
  await until(async () => {
    const mails = await sql<{
      raw: Buffer;
    }>`select raw from sandbox_messages where recipient = ${address} order by id desc`;
    const texts = mails.map(({ raw }) =>
      raw
        .toString("latin1")
        .replace(/=\r?\n/g, "")
        .replace(/=3D/g, "="),
    );
    link = texts.map((text) => pattern.exec(text)?.[1] ?? "").find(Boolean) ?? "";
    return link !== "";
  }, `a letter to ${pattern}`);
  return link;
}

test("a year of the tax: last year’s donors, a letter, a promise, SOLTéA’s file, thanks and the council’s page", async ({
  page,
}) => {
  test.setTimeout(300_000);
  await giveUser({ email: staff, name: "Anne Année", role: "administrator" });
  await enter(page, staff);

  // Last year's companies come with last year's file.
  await receive(
    page,
    year - 1,
    [
      [siret, castera, "300,00"],
      [other, garonne, "120,00"],
    ],
    "420,00",
  );
  for (const name of [castera, garonne]) {
    await page
      .getByRole("table", { name: "Donateurs inconnus" })
      .getByRole("button", { name: "Créer l’entreprise" })
      .first()
      .click();
    await page.getByRole("dialog").getByRole("button", { name: "Créer l’entreprise" }).click();
    await expect(
      page
        .getByRole("table", { name: "Rapproché", exact: true })
        .getByRole("row", { name: new RegExp(name) }),
    ).toBeVisible();
  }
  await expect(page.getByText("Toutes les lignes de ce virement ont trouvé leur donateur.")).toBeVisible();
  const { id: organisationId } = await db.organisation.findFirstOrThrow({ where: { siret } });
  const contactId = await person({
    firstName: "Inès",
    lastName: `Gérante ${mark}`,
    city: `Bourg ${mark}`,
    addresses: [{ address: email, isPrimary: true }],
  });
  await db.affiliation.create({ data: { contactId, organisationId, role: "decision_maker" } });

  // This year's campaign opens with them.
  await page.goto(`/pledges?year=${year}`);
  await page.getByRole("button", { name: "Ouvrir la campagne" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Ouvrir la campagne" }).click();
  const column = (state: string) => page.locator(`[data-column="${state}"]`);
  await expect(column("to_solicit")).toContainText(castera);

  // They are solicited by the newsletter, from its model.
  await page.goto("/segments/new");
  await page.getByLabel("Nom").first().fill(`Entreprises ${mark}`);
  await page.getByLabel("Ville").first().fill(`Bourg ${mark}`);
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await page.waitForURL(/\/segments\/\d+$/);
  await page.goto("/campaigns/new");
  await page
    .getByRole("region", { name: "Taxe d’apprentissage" })
    .getByRole("button", { name: "Commencer avec ce modèle" })
    .click();
  await page.waitForURL(/\/compose$/);
  await page.getByLabel("Objet", { exact: true }).fill(`Votre taxe ${mark}`);
  await page.getByLabel("Segment").selectOption({ label: `Entreprises ${mark}` });
  await expect(page.getByText(/^Enregistré à/).first()).toBeVisible();
  await page.getByRole("button", { name: "Relire et envoyer" }).click();
  await page.waitForURL(/\/review$/);
  await page.getByRole("button", { name: "Envoyer maintenant" }).click();
  await page.getByRole("button", { name: "Envoyer à 1 personne" }).click();
  await page.waitForURL(/\/campaigns\/\d+$/);
  await expect(page.getByText("Envoyée", { exact: true })).toBeVisible({ timeout: 60_000 });
  await page.goto(`/pledges?year=${year}`);
  await page.getByRole("button", { name: "Marquer les sollicités" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Marquer les sollicités" }).click();
  await expect(column("solicited")).toContainText(castera);
  await expect(column("to_solicit")).toContainText(garonne);

  // Its reader follows her link, promises without computing, and confirms by mail.
  const company = await page.context().browser()?.newPage();
  if (!company) throw new Error("no browser");
  const letter = await linkIn(email, /https?:\/\/[^\s"<>]+?(\/taxe\?lettre=[\w.-]+)/);
  await company.goto(`http://localhost:${process.env.PORT}${letter}`);
  await expect(company.getByLabel("SIRET de l’établissement")).toHaveValue(siret);
  await company.getByLabel("Masse salariale brute").fill("1 000 000");
  await company.getByLabel("Effectif moyen").fill("20");
  await company.getByLabel("Département").fill("33");
  await company.getByRole("button", { name: "Calculer" }).click();
  await company.getByLabel("Votre e-mail professionnel").fill(email);
  await company.getByLabel("Part promise").fill("40");
  await company.getByRole("button", { name: "Promettre" }).click();
  await expect(company.getByRole("heading", { name: "Il reste à confirmer" })).toBeVisible();
  const promised = await linkIn(email, /https?:\/\/[^\s"<>]+(\/promesse\/[\w.-]+)/);
  await company.goto(`http://localhost:${process.env.PORT}${promised}`);
  await company.getByRole("button", { name: "Confirmer la promesse" }).click();
  await expect(company.getByRole("heading", { name: "Promesse confirmée" })).toBeVisible();
  await company.close();
  await page.goto(`/pledges?year=${year}`);
  await expect(column("pledged")).toContainText(castera);

  // SOLTéA's file comes, and finds its donor by itself.
  await receive(page, year, [[siret, castera.toUpperCase(), "352,80"]], "352,80");
  await expect(
    page.getByRole("table", { name: "Rapprochements proposés" }).getByRole("checkbox", { checked: true }),
  ).toHaveCount(1);
  await page.getByRole("button", { name: "Accepter les lignes cochées" }).click();
  await expect(page.getByText("Toutes les lignes de ce virement ont trouvé leur donateur.")).toBeVisible();

  // Thanks.
  await page.goto(`/pledges/thanks?year=${year}`);
  const note = page.getByRole("article", { name: castera });
  await expect(note).toContainText(/352,80\s€ de son solde/);
  await expect(note).toContainText("n’est pas un reçu libératoire");
  await looksRight(page, "tax-thanks");
  await note.getByRole("button", { name: "Écrire la lettre" }).click();
  await expect(page.getByLabel("Objet")).toHaveValue(
    `Merci pour votre soutien, taxe d’apprentissage ${year}`,
  );
  await expect(page.getByRole("textbox", { name: "Lettre" })).toContainText(/352,80\s€ de son solde/);
  await page.goto(`/pledges/thanks?year=${year}`);
  await page.getByRole("button", { name: "Noter comme remerciés" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Noter comme remerciés" }).click();
  await expect(page.getByText("Personne n’attend de remerciement.").first()).toBeVisible();

  // What it cost, and what each letter brought.
  await page.goto(`/pledges/costs?year=${year}`);
  await page.getByRole("button", { name: "Noter un coût" }).click();
  const cost = page.getByRole("dialog");
  await cost.getByLabel("Quoi").fill(`Rédaction ${mark}`);
  await cost.getByLabel("Heures").fill("1h30");
  await cost.getByLabel("Argent dépensé").fill("12,50");
  await cost.getByRole("button", { name: "Noter un coût" }).click();
  await expect(
    page.getByRole("row", { name: new RegExp(`Rédaction ${mark}.*1\\sh\\s30.*12,50`) }),
  ).toBeVisible();
  await expect(
    page
      .getByRole("table", { name: /Ce que chaque lettre/ })
      .getByRole("row", { name: /^Taxe d’apprentissage du .*353\s€/ }),
  ).toBeVisible();
  await looksRight(page, "tax-costs");

  // The report, the council's page, the table for accounting, the list of thanks.
  await page.goto(`/pledges/report?year=${year}`);
  await expect(page.getByRole("row", { name: /Euros reçus en tout/ })).toBeVisible();
  await looksRight(page, "tax-report");
  const pdf = await page.request.get(`/pledges/report/pdf?year=${year}`);
  expect([pdf.status(), pdf.headers()["content-type"]]).toEqual([200, "application/pdf"]);
  expect((await pdf.body()).subarray(0, 8).toString()).toBe("%PDF-1.7");
  const rowsOf = async (path: string) => {
    const table = await readTable(await (await page.request.get(path)).body());
    return "rows" in table ? table.rows : [];
  };
  expect(await rowsOf(`/transfers/export?year=${year}`)).toContainEqual(
    expect.arrayContaining([number, `${year}-07-11`, 352.8, castera]),
  );
  expect(await rowsOf(`/pledges/thanks/export?year=${year}`)).toContainEqual(
    expect.arrayContaining([castera, email, 352.8]),
  );
});
