/** The audited mutations of the tax's transfers, as in acts.ts. */
import { sql } from "#lib/machine/db";
import { recordCost, removeCost } from "#lib/tax/costs/mutations";
import { costInput } from "#lib/tax/costs/schema";
import { thankDonors } from "#lib/tax/pledges/thanks";
import { recordRate, verifyYear } from "#lib/tax/rates/mutations";
import { rateInput, verifiedInput } from "#lib/tax/rates/schema";
import { assignDonor } from "#lib/tax/transfers/donors";
import { receiveFile, storeFile } from "#lib/tax/transfers/files";
import { acceptMatches, noteBank, undoImport, undoMatch } from "#lib/tax/transfers/mutations";
import { acceptInput, bankInput, storeInput } from "#lib/tax/transfers/schema";
import { saveThanks } from "#lib/tax/years/mutations";
import { thanksTextInput } from "#lib/tax/years/schema";
import type { Act } from "#testing/acts";
import { giveSiret } from "#testing/sirets";

let made = 0;

/** A list of one unknown donor, read and waiting to be stored. */
async function file() {
  const text = `SIRET;Montant\n${giveSiret(90_000_000 + ++made)};12,00\n`;
  const received = await receiveFile("list", "liste.csv", Buffer.from(text), null);
  if (!received.ok) throw new Error(received.reason);
  return { id: received.id, number: (made % 99) + 1 };
}

/** The same, stored, and its transfer balanced: its one line, and a company. */
async function line(by: number) {
  const { id, number } = await file();
  const campaignYear = 2050 + Math.floor(made / 99);
  await storeFile(storeInput.parse({ id, campaignYear, number, in_siret: 0, in_amount: 1 }), by);
  const bank = bankInput.parse({ campaignYear, number, version: 1, amount: "12", valueDate: "" });
  await noteBank(bank, by);
  const [row] = await sql<{ lineId: number; transferId: number }>`
    select id as "lineId", transfer_id as "transferId" from transfer_lines where file_id = ${id}`;
  const [company] = await sql<{
    id: number;
  }>`insert into organisations (name) values ('Donatrice') returning id`;
  if (!row || !company) throw new Error("no line");
  return { ...row, fileId: id, bank, companyId: company.id };
}
type Given = Awaited<ReturnType<typeof line>>;

const onLine =
  (act: (given: Given, by: number) => Promise<{ ok: boolean }>): Act =>
  async (by) => {
    const given = await line(by);
    return () => act(given, by);
  };
const accept = ({ transferId, lineId, companyId }: Given, by: number) =>
  acceptMatches(acceptInput.parse({ id: transferId, matches: [`${lineId}|certain|o${companyId}:1200`] }), by);
const onMatch =
  (act: (given: Given, by: number) => Promise<{ ok: boolean }>): Act =>
  async (by) => {
    const given = await line(by);
    await accept(given, by);
    return () => act(given, by);
  };

export const actsOfTax: Record<string, Act> = {
  storeFile: async (by) => {
    const { id, number } = await file();
    const input = storeInput.parse({ id, campaignYear: 2049, number, in_siret: 0, in_amount: 1 });
    return () => storeFile(input, by);
  },
  recordRate: async (by) => {
    const input = rateInput.parse({
      key: "fees",
      month: "2030-01",
      value: `3,${++made}`,
      source: "Arrêté",
    });
    return () => recordRate(input, by);
  },
  verifyYear: async (by) => {
    const input = verifiedInput.parse({ payYear: 2030, verified: "yes", source: "Code du travail" });
    return () => verifyYear(input, by);
  },
  recordCost: async (by) => {
    const input = costInput.parse({ campaignYear: 2030, what: "Appels", hours: "1h30", amount: "" });
    return () => recordCost(input, by);
  },
  removeCost: async (by) => {
    const input = costInput.parse({ campaignYear: 2030, what: "Appels", hours: "1h30", amount: "" });
    const cost = await recordCost(input, by);
    return () => removeCost(cost.ok ? cost.id : 0, by);
  },
  saveThanks: async (by) => {
    const input = thanksTextInput.parse({ campaignYear: 2060 + ++made, version: "", thanks: "Merci" });
    return () => saveThanks(input, by);
  },
  thankDonors: async (by) => {
    const [row] = await sql<{ id: number }>`
      with o as (insert into organisations (name) values ('Donatrice') returning id)
      insert into pledges (campaign_year, organisation_id, state, state_before, received_cents)
      select 2030, id, 'received', 'pledged', 100 from o returning id`;
    return () => thankDonors({ campaignYear: 2030, pledgeIds: [row?.id ?? 0] }, by);
  },
  noteBank: onLine(({ bank }, by) => noteBank({ ...bank, version: 2 }, by)),
  acceptMatches: onLine(accept),
  assignDonor: onLine(({ lineId, companyId }, by) => assignDonor(lineId, companyId, by)),
  undoMatch: onMatch(({ lineId }, by) => undoMatch(lineId, by)),
  undoImport: onMatch(({ fileId }, by) => undoImport(fileId, by)),
};
