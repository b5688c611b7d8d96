import { expect, type Page, test } from "@playwright/test";
import { sql } from "#lib/machine/db";
import { giveSiren, giveSiret } from "#testing/sirets";
import { workbook } from "#testing/workbooks";
import { looksRight } from "./barriers.ts";
import { enter, giveUser } from "./session.ts";

const staff = `virements.${Date.now().toString(36)}@src.example`;
const year = 2029;
const seed = Date.now() % 90_000_000;
const [known, group, unknown] = [seed + 1, seed + 2, seed + 3];

/** Two companies that promised: one for itself, one for all its establishments. */
async function givePledges() {
  for (const [number, name, covers, cents] of [
    [known, "Café Castéra", "siret", 100_000],
    [group, "Groupe Garonne", "siren", 200_000],
  ] as const)
    await sql`
      with o as (insert into organisations (name, siren, siret) values (${name}, ${giveSiren(number)}, ${giveSiret(number)}) returning id)
      insert into pledges (campaign_year, organisation_id, covers, state, share, expected_low_cents, expected_high_cents)
      select ${year}, id, ${covers}, 'allocated', 4000, ${cents}, ${cents} from o`;
}

const list = workbook([
  ["Liste des employeurs", null, null],
  ["SIRET employeur", "Montant affecté", "Raison sociale"],
  [Number(giveSiret(known)), 960, "CAFE CASTERA"],
  [giveSiret(group, 2), "1 200,00 €", "GARONNE BORDEAUX"],
  [giveSiret(group, 3), 720, "GARONNE PESSAC"],
  [giveSiret(unknown), 50.5, "Nouvelle Venue SARL"],
  ["7,32829E+13", 10, "Chiffres perdus"],
]);
const statement = Buffer.from(
  `Date;Libellé;Débit;Crédit\r\n01/07/${year};VIR LOYER;500,00;\r\n11/07/${year};VIR TAXE- APPRENTISSAGE - 19331766600017 - ${year} - 1;;2 930,50\r\n`,
  "latin1",
);

const upload = async (page: Page, label: RegExp, name: string, buffer: Buffer) => {
  const form = page.locator("form").filter({ has: page.getByLabel(label) });
  await form.getByLabel(label).setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await form.getByRole("button", { name: "Voir l’aperçu" }).click();
};

test("SOLTéA pays: the list and the statement are imported, lines find their donors, pledges are received", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await givePledges();
  await giveUser({ email: staff, name: "Vera Virement", role: "secretariat" });
  await enter(page, staff, "/transfers");

  await upload(page, /Une liste de SOLTéA/, "liste.xlsx", list);
  await expect(page.getByText(/4 lignes, 2\s930,50/)).toBeVisible();
  await expect(page.getByText(/Ligne 7, SIRET, «\s7,32829E\+13\s»\s: le tableur a perdu/)).toBeVisible();
  await looksRight(page, "transfers-preview");
  await page.getByLabel("Campagne SOLTéA").fill(String(year));
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText("Des lignes ne disent pas de quel virement elles sont")).toBeVisible();
  await page.getByLabel("Numéro du virement").last().fill("1");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText("Fichier enregistré")).toBeVisible();
  await upload(page, /Une liste de SOLTéA/, "la même.xlsx", list);
  await expect(page.getByText("Ce fichier est déjà enregistré")).toBeVisible();

  await page.goto(`/transfers?year=${year}`);
  await upload(page, /Un relevé de la banque/, "releve.csv", statement);
  await expect(page.getByText(/1 virement de la taxe, 2\s930,50.*1 autre opération/)).toBeVisible();
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await page.getByRole("link", { name: "Virement 1" }).click();
  await expect(page.getByText("Les lignes font le montant de la banque, au centime.")).toBeVisible();

  const proposals = page.getByRole("table", { name: "Rapprochements proposés" });
  await expect(proposals.getByRole("checkbox", { checked: true })).toHaveCount(3);
  await expect(
    proposals.getByRole("row", { name: /GARONNE PESSAC.*Groupe Garonne.*toute l’entreprise/ }),
  ).toBeVisible();
  await looksRight(page, "transfers-proposals");
  await page.getByRole("button", { name: "Accepter les lignes cochées" }).click();
  const matched = page.getByRole("table", { name: "Rapproché", exact: true });
  await expect(
    matched.getByRole("row", { name: /GARONNE PESSAC.*Groupe Garonne.*Vera Virement/ }),
  ).toBeVisible();

  const queue = page.getByRole("table", { name: "Donateurs inconnus" });
  await queue.getByRole("button", { name: "Créer l’entreprise" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Créer l’entreprise" }).click();
  await expect(page.getByText("Toutes les lignes de ce virement ont trouvé leur donateur.")).toBeVisible();
  await page.getByRole("button", { name: "Annuler le rapprochement de GARONNE PESSAC" }).click();
  await expect(proposals).toBeVisible();
  await page.getByRole("button", { name: "Accepter les lignes cochées" }).press("Enter");
  await expect(proposals).toHaveCount(0);
  await looksRight(page, "transfers-matched");

  await page.goto(`/transfers?year=${year}`);
  const row = page.getByRole("table", { name: "Virements" }).getByRole("row", { name: /Virement 1/ });
  await expect(row).toHaveAccessibleName(/2\s930,50.*2\s930,50.*en 4 lignes.*2\s930,50.*0/);
  await expect(
    page.getByRole("table", { name: /N’avaient pas donné/ }).getByRole("row", { name: /Nouvelle Venue/ }),
  ).toBeVisible();
  await looksRight(page, "transfers-year");
  await page.getByRole("link", { name: "Promis et reçu" }).click();
  await expect(page.getByRole("row", { name: /Café Castéra.*frais de collecte/ })).toBeVisible();
  await looksRight(page, "transfers-gaps");
  const received = await sql<{ name: string; cents: string; state: string }>`
    select o.name, p.received_cents as cents, p.state from pledges p join organisations o on o.id = p.organisation_id
    where p.campaign_year = ${year} order by o.name`;
  expect(received).toEqual([
    { name: "Café Castéra", cents: "96000", state: "received" },
    { name: "Groupe Garonne", cents: "192000", state: "received" },
    { name: "Nouvelle Venue SARL", cents: "5050", state: "received" },
  ]);
});
