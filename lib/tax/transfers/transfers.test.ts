import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { sql } from "#lib/machine/db";
import { editPledge } from "#lib/tax/pledges/follow";
import { editInput } from "#lib/tax/pledges/schema";
import { ratesWith } from "#lib/tax/rules/rates";
import { giveSiren, giveSiret } from "#testing/sirets";
import { workbook } from "#testing/workbooks";
import { listOpenLines } from "./candidates.ts";
import { assignDonor, createDonor, listDonorChanges, listGaps } from "./donors.ts";
import { listAccounts } from "./export.ts";
import { receiveFile, storeFile } from "./files.ts";
import { acceptMatches, noteBank, undoImport, undoMatch } from "./mutations.ts";
import { findTransfer, listFiles, listMatched, listReliquat, listTransfers, listTwice } from "./queries.ts";
import { acceptInput, bankInput, storeInput } from "./schema.ts";

let by = 0;
before(async () => {
  const [user] = await sql<{ id: number }>`
    insert into users (email, name, role) values ('ada@src.example', 'Ada', 'secretariat') returning id`;
  by = user?.id ?? 0;
});

const company = async (number: number, place = 1, more = { name: `Entreprise ${number}`, city: "" }) => {
  const [row] = await sql<{ id: number }>`
    insert into organisations (name, siren, siret, city)
    values (${more.name}, ${giveSiren(number)}, ${giveSiret(number, place)}, ${more.city}) returning id`;
  return row?.id ?? 0;
};
const promise = async (
  organisationId: number,
  campaignYear: number,
  cents: number,
  more = { covers: "siret", target: "", share: 4000 },
) => {
  const [row] = await sql<{ id: number }>`
    insert into pledges (campaign_year, organisation_id, covers, target, state, share, expected_low_cents, expected_high_cents)
    values (${campaignYear}, ${organisationId}, ${more.covers}, ${more.target}, 'allocated', ${more.share}, ${cents}, ${cents}) returning id`;
  return row?.id ?? 0;
};
const pledgeNow = async (id: number) =>
  (
    await sql<{
      state: string;
      cents: string;
    }>`select state, received_cents as cents from pledges where id = ${id}`
  )[0];
const audits = async () => (await sql`select from audit_entries where subject = 'transfer'`).length;

type Line = [siret: string | number, cents: string | number, name?: string, place?: string];
const listFile = (lines: Line[]) =>
  Buffer.from(
    ["SIRET;Montant affecté;Raison sociale;Ville", ...lines.map((line) => line.join(";"))].join("\r\n"),
    "latin1",
  );
const columns = { in_siret: 0, in_amount: 1, in_name: 2, in_place: 3 };

async function importList(
  campaignYear: number,
  number: number,
  lines: Line[],
  file: Buffer = listFile(lines),
) {
  const received = await receiveFile("list", "liste.csv", file, by);
  if (!received.ok) return received;
  return {
    ...(await storeFile(storeInput.parse({ id: received.id, campaignYear, number, ...columns }), by)),
    fileId: received.id,
  };
}
const bank = (campaignYear: number, number: number, amount: string, version = 0) =>
  noteBank(bankInput.parse({ campaignYear, number, amount, valueDate: "", version }), by);
const transfer = async (campaignYear: number, number: number) => {
  const row = (await listTransfers(campaignYear)).find((one) => one.number === number);
  assert.ok(row, `transfer ${campaignYear} ${number}`);
  return row;
};
const proposals = async (campaignYear: number, number: number) => {
  const lines = await listOpenLines((await transfer(campaignYear, number)).id, campaignYear);
  return lines.map(({ id, siret, proposal }) => ({
    id,
    siret,
    level: proposal?.level ?? null,
    parts: proposal?.parts ?? [],
  }));
};
/** What the screen sends for ticked proposals. */
const ticked = (lines: Awaited<ReturnType<typeof proposals>>) =>
  lines
    .filter(({ level }) => level)
    .map(
      ({ id, level, parts }) =>
        `${id}|${level}|${parts.map(({ pledgeId, organisationId, cents }) => `${pledgeId ? `p${pledgeId}` : `o${organisationId}`}:${cents}`).join("+")}`,
    );
const accept = async (campaignYear: number, number: number, matches?: string[]) =>
  acceptMatches(
    acceptInput.parse({
      id: (await transfer(campaignYear, number)).id,
      matches: matches ?? ticked(await proposals(campaignYear, number)),
    }),
    by,
  );

describe("what the bank says", () => {
  it("is of one transfer: none of another year or number is told", async () => {
    for (const [year, number] of [
      [2041, 1],
      [2041, 2],
      [2042, 1],
    ] as const)
      assert.ok((await bank(year, number, "10")).ok);
    const { version } = await transfer(2041, 1);
    assert.ok((await bank(2041, 1, "25", version)).ok);
    const told = async (year: number) =>
      (await listTransfers(year)).map(({ number, bankCents }) => [number, bankCents]).toSorted();
    assert.deepEqual(await told(2041), [
      [1, 2500],
      [2, 1000],
    ]);
    assert.deepEqual(await told(2042), [[1, 1000]]);
    assert.deepEqual(await bank(2041, 1, "30", version), { ok: false, reason: "conflict" });
  });
});

describe("a list of SOLTéA", () => {
  const lines: Line[] = [
    [giveSiret(101), "1 000,50", "Café", "Pessac"],
    [Number(giveSiret(520_135)), 12],
    ["7,3E+13", 5, "Perdue"],
    ["", 7, "Reliquat"],
  ];
  it("is written once, whatever comes of it twice: the same file, or the same lines in another", async () => {
    assert.deepEqual((await importList(2024, 1, lines)).ok, true);
    const row = await transfer(2024, 1);
    assert.deepEqual(
      [row.lines, row.listedCents, row.reliquatCents, row.openLines, row.bankCents],
      [3, 101_950, 700, 2, null],
    );
    assert.deepEqual(await importList(2024, 1, lines), {
      ok: false,
      reason: "fileKnown",
      params: { id: (await listFiles())[0]?.id },
    });
    const again = workbook([
      ["SIRET", "Montant affecté", "Raison sociale", "Ville"],
      [giveSiret(101), 1000.5, "CAFE", "Pessac"],
      [giveSiret(520_135), "12,00 €"],
      ["00000000000000", 3],
      [giveSiret(102), 3],
    ]);
    assert.partialDeepStrictEqual(await importList(2024, 1, [], again), {
      ok: true,
      added: 1,
      known: 2,
      faulty: 1,
    });
    assert.equal((await transfer(2024, 1)).listedCents, 102_250);
    assert.equal((await listReliquat(row.id))[0]?.cents, 700);
  });
  it("says what it lacks, and then nothing is written", async () => {
    const received = await receiveFile("list", "x.csv", listFile([[giveSiret(103), 9]]), by);
    const id = received.ok ? received.id : 0;
    const store = (more: object) =>
      storeFile(storeInput.parse({ id, campaignYear: 2023, number: "", ...more }), by);
    const before = await audits();
    assert.deepEqual(await store({ in_siret: 0 }), { ok: false, reason: "needsColumns" });
    assert.deepEqual(await store(columns), { ok: false, reason: "needsNumber" });
    assert.deepEqual(await store({ ...columns, in_siret: 1, in_amount: 0, number: 1 }), {
      ok: false,
      reason: "nothingToStore",
    });
    assert.deepEqual(await store({ id: 999_999, ...columns }), { ok: false, reason: "notFound" });
    assert.deepEqual(await listTransfers(2023), []);
    assert.equal(await audits(), before);
    assert.equal((await store({ ...columns, number: 3 })).ok, true);
    assert.deepEqual(await store({ ...columns, number: 3 }), {
      ok: false,
      reason: "fileKnown",
      params: { id },
    });
  });
  it("that cannot be read says why", async () => {
    assert.deepEqual(await receiveFile("list", "x", Buffer.from("PK\u0003\u0004"), by), {
      ok: false,
      reason: "notASheet",
    });
    assert.deepEqual(await receiveFile("list", "x", Buffer.alloc(0), by), { ok: false, reason: "empty" });
  });
});

describe("a bank statement", () => {
  const statement = (amount: string, number = 1) =>
    Buffer.from(
      `Libellé;Crédit;Date\nVIR LOYER;5;01/07/2025\nTAXE- APPRENTISSAGE - 19331766600017 - 2025 - ${number};${amount};11/07/2025\n`,
    );
  const store = async (bytes: Buffer) => {
    const received = await receiveFile("statement", "releve.csv", bytes, by);
    assert.ok(received.ok);
    return storeFile(
      storeInput.parse({ id: received.id, campaignYear: 2025, in_label: 0, in_amount: 1, in_day: 2 }),
      by,
    );
  };
  it("tells the total of a transfer once, and nobody else's money", async () => {
    assert.partialDeepStrictEqual(await store(statement("1 000,00")), {
      ok: true,
      added: 1,
      known: 0,
      faulty: 0,
    });
    assert.partialDeepStrictEqual(await transfer(2025, 1), {
      bankCents: 100_000,
      valueDate: "2025-07-11",
      siret: "19331766600017",
    });
    assert.partialDeepStrictEqual(await store(statement("1000")), { ok: true, added: 0, known: 1 });
    assert.deepEqual(await store(statement("1001")), {
      ok: false,
      reason: "otherAmount",
      params: { year: "2025", number: 1 },
    });
    assert.equal((await transfer(2025, 1)).bankCents, 100_000);
    const contradicted = Buffer.concat([
      statement("70", 5),
      Buffer.from("TAXE- APPRENTISSAGE - 19331766600017 - 2025 - 1;1001;11/07/2025\n"),
    ]);
    assert.partialDeepStrictEqual(await store(contradicted), { ok: false, reason: "otherAmount" });
    const numbers = (await listTransfers(2025)).map(({ number }) => number);
    assert.deepEqual(numbers, [1], "nothing of a statement that is refused is written");
    assert.equal((await sql`select from transfer_lines where name like '%LOYER%'`).length, 0);
  });
  it("or a person does, who must have read the last version", async () => {
    assert.equal((await bank(2025, 2, "12,34")).ok, true);
    assert.deepEqual(await bank(2025, 2, "13"), { ok: false, reason: "conflict" });
    assert.equal((await bank(2025, 2, "13", 1)).ok, true);
    assert.deepEqual(await bank(2025, 2, "14", 1), { ok: false, reason: "conflict" });
    assert.equal((await transfer(2025, 2)).bankCents, 1_300);
  });
});

describe("reconciling", () => {
  it("matches nothing while lines and bank differ by a cent", async () => {
    const id = await company(201);
    await promise(id, 2030, 100_000);
    await importList(2030, 1, [[giveSiret(201), "960,00"]]);
    assert.deepEqual(await accept(2030, 1), { ok: false, reason: "unbalanced" });
    await bank(2030, 1, "960,01", (await transfer(2030, 1)).version);
    assert.deepEqual(await accept(2030, 1), { ok: false, reason: "unbalanced" });
    await bank(2030, 1, "960,00", (await transfer(2030, 1)).version);
    assert.deepEqual(await accept(2030, 1), { ok: true, count: 1 });
  });

  it("makes pledges received, of a group too, opens what nobody promised, and can be undone", async () => {
    const [alone, group, unpromised] = [await company(301), await company(302), await company(303)];
    const [one, two] = [
      await promise(alone, 2031, 50_000),
      await promise(group, 2031, 200_000, { covers: "siren", target: "", share: 4000 }),
    ];
    await importList(2031, 1, [
      [giveSiret(301), "480"],
      [giveSiret(302, 2), "900"],
      [giveSiret(302, 3), "600"],
      [giveSiret(302, 4), "300"],
      [giveSiret(303), "12"],
      [giveSiret(399), "5"],
    ]);
    await bank(2031, 1, "2297", 1);
    assert.deepEqual(
      (await proposals(2031, 1)).map(({ level }) => level),
      ["certain", "certain", "certain", "certain", "certain", null],
    );
    assert.deepEqual(await accept(2031, 1), { ok: true, count: 5 });
    assert.deepEqual(await pledgeNow(one), { state: "received", cents: "48000" });
    assert.deepEqual(await pledgeNow(two), { state: "received", cents: "180000" });
    const [made] = await sql<{ state: string; channel: string; cents: string }>`
      select state, channel, received_cents as cents from pledges where campaign_year = 2031 and organisation_id = ${unpromised}`;
    assert.deepEqual(made, { state: "received", channel: "spontaneous", cents: "1200" });
    const row = await transfer(2031, 1);
    assert.deepEqual([row.matchedCents, row.openLines], [229_200, 1]);
    const matched = await listMatched(row.id);
    assert.deepEqual([matched.length, matched[0]?.by], [5, "Ada"]);
    const line = matched.find(({ siret }) => siret === giveSiret(302, 3));
    assert.equal((await undoMatch(line?.id ?? 0, by)).ok, true);
    const [entry] =
      await sql`select subject_id from audit_entries where action = 'transfer.unmatched' order by id desc limit 1`;
    assert.deepEqual(entry, { subject_id: row.id });
    assert.deepEqual(await undoMatch(line?.id ?? 0, by), { ok: false, reason: "notFound" });
    assert.deepEqual(await pledgeNow(two), { state: "received", cents: "120000" });
    assert.equal((await proposals(2031, 1)).length, 2, "it waits again");
    const gaps = await listGaps(2031, ratesWith());
    assert.deepEqual(
      gaps.map(({ pledgeId, causes }) => [pledgeId, causes.map(({ cause, cents }) => [cause, cents])]),
      [
        [
          two,
          [
            ["fees", -5_400],
            ["partialPeriod1", -74_600],
          ],
        ],
        [
          one,
          [
            ["fees", -1_350],
            ["partialPeriod1", -650],
          ],
        ],
      ],
    );
  });

  it("two pledges of one SIRET share a line, and all of it or nothing is written", async () => {
    const id = await company(401);
    const [one, two] = [
      await promise(id, 2032, 30_000, { covers: "siret", target: "A", share: 3000 }),
      await promise(id, 2032, 10_000, { covers: "siret", target: "B", share: 1000 }),
    ];
    await importList(2032, 1, [[giveSiret(401), "400,01"]]);
    await bank(2032, 1, "400,01", 1);
    const [line] = await proposals(2032, 1);
    assert.equal(line?.level, "shared");
    const foreign = await promise(id, 2033, 10_000);
    for (const wrong of [
      `${line?.id}|shared|p${one}:30000`,
      `${line?.id}|shared|p${one}:40002`,
      `${line?.id}|shared|p${foreign}:40001`,
      `999999|certain|p${one}:40001`,
    ])
      assert.deepEqual(await accept(2032, 1, [wrong]), { ok: false, reason: "changed" }, wrong);
    assert.deepEqual(
      await accept(2032, 1, [...ticked(await proposals(2032, 1)), ...ticked(await proposals(2032, 1))]),
      { ok: false, reason: "changed" },
      "twice",
    );
    assert.equal((await sql`select from transfer_matches where line_id = ${line?.id}`).length, 0);
    assert.deepEqual(await accept(2032, 1), { ok: true, count: 1 });
    assert.deepEqual(
      [await pledgeNow(one), await pledgeNow(two)].map((pledge) => pledge?.cents),
      ["30001", "10000"],
    );
    assert.deepEqual(
      await accept(2032, 1, ticked([line as never])),
      { ok: false, reason: "changed" },
      "a colleague did it",
    );
    assert.ok((await undoMatch(line?.id ?? 0, by)).ok);
    const foreigners = [`${line?.id}|shared|p${foreign}:40001`];
    assert.deepEqual(await accept(2032, 1, foreigners), { ok: false, reason: "changed" });
    const undone =
      await sql`select from transfer_matches where line_id = ${line?.id} and undone_at is not null`;
    assert.equal(undone.length, 2, "what was taken back stays in the history");
  });

  it("refused, opens no pledge for money that nobody promised", async () => {
    const unpromised = await company(451);
    await importList(2043, 1, [
      [giveSiret(451), "10"],
      [giveSiret(452), "20"],
    ]);
    await bank(2043, 1, "30", 1);
    const [line] = (await proposals(2043, 1)).filter(({ siret }) => siret === giveSiret(451));
    const matches = [`${line?.id}|certain|o${unpromised}:1000`, `999999|certain|o${unpromised}:1`];
    assert.deepEqual(await accept(2043, 1, matches), { ok: false, reason: "changed" });
    assert.deepEqual(await sql`select state from pledges where campaign_year = 2043`, []);
  });

  it("an unknown donor becomes a company; one that moved is known again next year", async () => {
    const old = await company(501, 1, { name: "Imprimerie Castéra", city: "Pessac" });
    await importList(2034, 1, [
      [giveSiret(599), "10", "Nouvelle SARL"],
      [giveSiret(777), "20", "Holding C"],
    ]);
    await bank(2034, 1, "30", 1);
    const [moved, unknown] = await proposals(2034, 1);
    assert.deepEqual([moved?.level, unknown?.level], [null, null]);
    const entries = () => sql<{ action: string }>`select action from audit_entries order by id`;
    const written = (await entries()).length;
    assert.equal((await createDonor(unknown?.id ?? 0, "Nouvelle", by)).ok, true);
    assert.deepEqual(
      (await entries()).slice(written).map(({ action }) => action),
      ["organisation.created", "transfer.matched"],
    );
    assert.deepEqual(await createDonor(unknown?.id ?? 0, "Nouvelle", by), { ok: false, reason: "changed" });
    assert.equal((await assignDonor(moved?.id ?? 0, old, by)).ok, true);
    assert.deepEqual(await assignDonor(moved?.id ?? 0, old, by), { ok: false, reason: "changed" });
    const [made] = await sql<{
      siret: string;
      siren: string;
    }>`select siret, siren from organisations where name = 'Nouvelle'`;
    assert.deepEqual(made, { siret: giveSiret(599), siren: giveSiren(599) });
    assert.deepEqual(
      (await listDonorChanges(2034)).map(({ name, before, now }) => [name, before, now]),
      [
        ["Imprimerie Castéra", 0, 2_000],
        ["Nouvelle", 0, 1_000],
      ],
    );
    await importList(2035, 1, [[giveSiret(777), "25", "Holding C"]]);
    await bank(2035, 1, "25", 1);
    assert.deepEqual(
      (await proposals(2035, 1)).map(({ level, parts }) => [level, parts[0]?.organisationId]),
      [["certain", old]],
    );
    await accept(2035, 1);
    assert.deepEqual(
      (await listDonorChanges(2035)).map(({ name, before, now }) => [name, before, now]),
      [["Nouvelle", 1_000, 0]],
    );
  });

  it("a part in two transfers is shown; an import is undone with its matches, and may come again", async () => {
    const pledge = await promise(await company(601), 2036, 9_000);
    const first = await importList(2036, 1, [[giveSiret(601), "86,40"]]);
    await importList(2036, 2, [
      [giveSiret(601), "86,40"],
      [giveSiret(602), "1"],
    ]);
    assert.deepEqual(
      (await listTwice(2036)).map(({ siret, cents, numbers }) => [siret, cents, numbers]),
      [[giveSiret(601), 8_640, [1, 2]]],
    );
    await bank(2036, 1, "86,40", 1);
    assert.equal((await accept(2036, 1)).ok, true);
    assert.equal((await pledgeNow(pledge))?.state, "received");
    const fileId = "fileId" in first ? first.fileId : 0;
    assert.equal((await undoImport(fileId, by)).ok, true);
    assert.deepEqual(await undoImport(fileId, by), { ok: false, reason: "notFound" });
    assert.deepEqual(await pledgeNow(pledge), { state: "allocated", cents: "0" });
    assert.deepEqual([(await transfer(2036, 1)).lines, await listTwice(2036)], [0, []]);
    assert.equal((await importList(2036, 1, [[giveSiret(601), "86,40"]])).ok, true);
    assert.equal((await findTransfer((await transfer(2036, 1)).id))?.lines, 1);
  });

  it("a group's pledge arrives under three SIRETs, and is more than was promised", async () => {
    const pledge = await promise(await company(671), 2039, 10_000, {
      covers: "siren",
      target: "",
      share: 4000,
    });
    await importList(2039, 1, [
      [giveSiret(671), "60,00"],
      [giveSiret(671, 2), "50,00"],
      [giveSiret(671, 3), "15,00"],
    ]);
    await bank(2039, 1, "125", 1);
    assert.deepEqual(
      (await proposals(2039, 1)).map(({ level, parts }) => [level, parts.map(({ pledgeId }) => pledgeId)]),
      Array(3).fill(["certain", [pledge]]),
    );
    assert.deepEqual(await accept(2039, 1), { ok: true, count: 3 });
    assert.deepEqual(await pledgeNow(pledge), { state: "received", cents: "12500" });
    const gap = (await listGaps(2039, ratesWith())).find(({ pledgeId }) => pledgeId === pledge);
    assert.deepEqual(
      [gap?.receivedCents, gap?.causes.reduce((sum, { cents }) => sum + cents, 0), gap?.causes.at(-1)?.cause],
      [12_500, 2_500, "baseHigher"],
    );
  });

  it("a statement is undone with the matches that rested on it, and what somebody typed since stays", async () => {
    const pledge = await promise(await company(651), 2037, 9_000);
    const list = await importList(2037, 1, [[giveSiret(651), "86,40"]]);
    const label = (number: number) => `VIR TAXE- APPRENTISSAGE - 19331766600017 - 2037 - ${number}`;
    const text = `Date;Libellé;Crédit\r\n11/07/2037;${label(1)};86,40\r\n07/11/2037;${label(2)};5,00\r\n07/11/2037;${label(3)};7,00\r\n`;
    const read = async () => {
      const received = await receiveFile("statement", "releve.csv", Buffer.from(text, "utf8"), by);
      assert.ok(received.ok);
      const input = { id: received.id, campaignYear: 2037, in_day: 0, in_label: 1, in_amount: 2 };
      assert.partialDeepStrictEqual(await storeFile(storeInput.parse(input), by), { ok: true });
      return received.id;
    };
    const first = await read();
    assert.equal((await accept(2037, 1)).ok, true);
    assert.equal((await bank(2037, 3, "7,50", (await transfer(2037, 3)).version)).ok, true);
    assert.equal((await undoImport(first, by)).ok, true);
    assert.deepEqual(await undoImport(first, by), { ok: false, reason: "notFound" });
    assert.deepEqual(await pledgeNow(pledge), { state: "allocated", cents: "0" });
    assert.deepEqual(
      (await listTransfers(2037)).map(({ number, bankCents, valueDate, label: told, lines }) => [
        number,
        bankCents,
        valueDate,
        told,
        lines,
      ]),
      [
        [1, null, null, "", 1],
        [3, 750, null, label(3), 0],
      ],
      "the list's line stays; a transfer nothing else is known of goes",
    );
    assert.partialDeepStrictEqual(
      await storeFile(
        storeInput.parse({
          id: "fileId" in list ? list.fileId : 0,
          campaignYear: 2037,
          number: 1,
          ...columns,
        }),
        by,
      ),
      { ok: false },
    );
    await sql`delete from transfers where campaign_year = 2037 and number = 3`;
    await read();
    assert.equal((await accept(2037, 1)).ok, true);
    assert.deepEqual(await pledgeNow(pledge), { state: "received", cents: "8640" });
  });

  it("what the company says of its declaration explains its gap", async () => {
    const pledge = await promise(await company(661), 2038, 10_000);
    await importList(2038, 1, [[giveSiret(661), "60,00"]]);
    await bank(2038, 1, "60", 1);
    await accept(2038, 1);
    const causes = async () =>
      (await listGaps(2038, ratesWith()))
        .find(({ pledgeId }) => pledgeId === pledge)
        ?.causes.map(({ cause }) => cause);
    assert.equal((await causes())?.includes("correction"), false);
    const [row] = await sql<{ version: number }>`select version from pledges where id = ${pledge}`;
    const edit = editInput.parse({
      id: pledge,
      version: row?.version,
      covers: "siret",
      nextStep: "",
      correction: "−37,30",
    });
    assert.equal((await editPledge(edit, by)).ok, true);
    assert.deepEqual(await causes(), ["fees", "correction"]);
  });

  it("the table for accounting adds up to the lines, matched or not, to the cent", async () => {
    for (const year of [2024, 2031, 2032]) {
      const cents = (await listAccounts(year)).map((row) => row.cents);
      const listed = (await listTransfers(year)).reduce((sum, { listedCents }) => sum + listedCents, 0);
      assert.ok(cents.length > 0);
      assert.equal(
        cents.reduce((sum, one) => sum + one, 0),
        listed,
        String(year),
      );
    }
  });
});
