/** What SOLTéA paid: last year's transfer is reconciled, this year's waits. The code of the application reads the files. */
import { sql } from "#lib/machine/db";
import { listOpenLines } from "#lib/tax/transfers/candidates";
import { receiveFile, storeFile } from "#lib/tax/transfers/files";
import { acceptMatches } from "#lib/tax/transfers/mutations";
import { listTransfers } from "#lib/tax/transfers/queries";
import { storeInput } from "#lib/tax/transfers/schema";

/** What the department says it does with the tax, on /taxe. */
export const uses =
  "Des caméras et un studio pour les projets de deuxième année\nDes licences de logiciels de montage\nLa venue de professionnels, une fois par mois";

/** Before the pledges that their lines were matched with. */
export async function forgetTransfers(): Promise<void> {
  await sql`delete from transfers`;
  await sql`delete from transfer_files`;
}

type Gift = { siret: string; name: string; city: string; cents: number };

/** `year` is this year's campaign. */
export async function writeTransfers(year: number, by: number): Promise<void> {
  const before = await sql<Gift>`
    select o.siret, o.name, o.city, p.received_cents::int as cents from pledges p join organisations o on o.id = p.organisation_id
    where p.campaign_year = ${year - 1} and p.received_cents > 0 order by p.id`;
  const half = Math.ceil(before.length / 2);
  for (const [number, gifts] of [
    [1, before.slice(0, half)],
    [2, before.slice(half)],
  ] as const) {
    await importList(year - 1, number, gifts, by);
    await importStatement(year - 1, number, total(gifts), by);
    await acceptAll(year - 1, number, by);
  }
  const now = await sql<Gift>`
    select o.siret, upper(o.name) as name, o.city, (p.expected_low_cents * 96 / 100)::int as cents
    from pledges p join organisations o on o.id = p.organisation_id
    where p.campaign_year = ${year} and p.state = 'allocated' and p.expected_low_cents > 1000 order by p.id limit 8`;
  const gifts = [...now, stranger];
  await importList(year, 1, gifts, by);
  await importStatement(year, 1, total(gifts), by);
}

/** Of nobody in the book: it waits in the queue. */
const stranger: Gift = { siret: "73282932000074", name: "ATELIERS DU QUAI", city: "Bordeaux", cents: 61_250 };

const total = (gifts: readonly Gift[]) => gifts.reduce((sum, { cents }) => sum + cents, 0);
const euros = (cents: number) => (cents / 100).toFixed(2).replace(".", ",");

async function importList(campaignYear: number, number: number, gifts: readonly Gift[], by: number) {
  const rows = gifts.map(
    ({ siret, name, city, cents }) => `${siret};${name.replaceAll(";", " ")};${city};${euros(cents)}`,
  );
  const text = ["SIRET;Raison sociale;Ville;Montant affecté", ...rows, ""].join("\r\n");
  await importFile(
    "list",
    `soltea-${campaignYear}-${number}.csv`,
    text,
    { campaignYear, number, in_siret: 0, in_name: 1, in_place: 2, in_amount: 3 },
    by,
  );
}

async function importStatement(campaignYear: number, number: number, cents: number, by: number) {
  const day = number === 1 ? "11/07" : "07/11";
  const label = `VIR TAXE- APPRENTISSAGE - 19331766600017 - ${campaignYear} - ${number}`;
  const text = `Date;Libellé;Crédit\r\n${day}/${campaignYear};${label};${euros(cents)}\r\n`;
  await importFile(
    "statement",
    `releve-${campaignYear}-${number}.csv`,
    text,
    { campaignYear, in_day: 0, in_label: 1, in_amount: 2 },
    by,
  );
}

async function importFile(
  kind: "list" | "statement",
  name: string,
  text: string,
  columns: object,
  by: number,
) {
  const received = await receiveFile(kind, name, Buffer.from(text), by);
  const stored = received.ok
    ? await storeFile(storeInput.parse({ id: received.id, ...columns }), by)
    : received;
  if (!stored.ok) throw new Error(`${name}: ${stored.reason}`);
}

async function acceptAll(campaignYear: number, number: number, by: number) {
  const id = (await listTransfers(campaignYear)).find((one) => one.number === number)?.id ?? 0;
  const lines = await listOpenLines(id, campaignYear);
  const matches = lines.flatMap(({ id: lineId, proposal }) =>
    proposal ? [{ lineId, level: proposal.level, parts: proposal.parts }] : [],
  );
  const accepted = await acceptMatches({ id, matches }, by);
  if (!accepted.ok) throw new Error(`transfer ${campaignYear} ${number}: ${accepted.reason}`);
}
