/** The rows of a file as what they mean: lines of transfers from SOLTéA's list, transfers from a bank statement. */
import { createHash } from "node:crypto";
import type { Cell } from "#lib/machine/sheets/read";
import { fold } from "#lib/machine/text";
import { type Fault, type Reading, readCents, readDay, readLabel, readSiret, wordsOf } from "./cells.ts";
import type { Column, Mapping } from "./columns.ts";

/** What cannot be used: its row as a spreadsheet numbers it, its column, what was there, and why. */
export type RowFault = { row: number; column: Column; value: string; fault: Fault };

export type Line = {
  row: number;
  /** Empty for a reliquat, which nobody in particular gave. */
  siret: string;
  name: string;
  place: string;
  formation: string;
  cents: number;
  reliquat: boolean;
  /** Of the transfer, where the file says so. */
  number: number | null;
  day: string | null;
  fingerprint: string;
};

type Cells = (column: Column) => Cell | undefined;
const cellsOf =
  (row: Cell[], mapping: Mapping): Cells =>
  (column) => {
    const at = mapping[column];
    return at === undefined ? null : row[at];
  };

const isEmpty = (row: Cell[]) => row.every((cell) => wordsOf(cell) === "");
const isTotal = (row: Cell[]) => row.some((cell) => /^(sous )?total\b/.test(fold(wordsOf(cell))));

/**
 * The lines of a list below its headers (`from` rows are skipped). Empty rows and totals are passed over; a row with a
 * fault gives no line. A row whose name or formation says « reliquat », without a SIRET, is one.
 */
export function readLines(rows: Cell[][], from: number, mapping: Mapping) {
  const [lines, faults]: [Line[], RowFault[]] = [[], []];
  const seen = new Map<string, number>();
  for (const [at, row] of rows.entries()) {
    if (at < from || isEmpty(row)) continue;
    const cells = cellsOf(row, mapping);
    if (isTotal(row) && !/\d/.test(wordsOf(cells("siret")))) continue;
    const found: RowFault[] = [];
    const take = <T>(column: Column, reading: Reading<T>): T | null => {
      if ("value" in reading) return reading.value;
      found.push({ row: at + 1, column, value: wordsOf(cells(column)).slice(0, 60), fault: reading.fault });
      return null;
    };
    const line = readLine(cells, take);
    faults.push(...found);
    if (found.length > 0) continue;
    // Two rows alike in one file are two parts; the same rows in another file are the same parts.
    const told = JSON.stringify([line.siret, line.cents, fold(line.name), fold(line.formation)]);
    const ordinal = (seen.get(told) ?? 0) + 1;
    seen.set(told, ordinal);
    lines.push({ ...line, row: at + 1, fingerprint: hash(`${told}${ordinal}`) });
  }
  return { lines, faults };
}

type Take = <T>(column: Column, reading: Reading<T>) => T | null;

function readLine(cells: Cells, take: Take): Omit<Line, "row" | "fingerprint"> {
  const [name, formation] = [wordsOf(cells("name")).slice(0, 200), wordsOf(cells("formation")).slice(0, 300)];
  const reliquat =
    wordsOf(cells("siret")) === "" && /reliquat|non affecte|fonds libres/.test(fold(`${name} ${formation}`));
  return {
    siret: reliquat ? "" : (take("siret", readSiret(cells("siret"))) ?? ""),
    name,
    place: wordsOf(cells("place")).slice(0, 200),
    formation,
    cents: take("amount", positive(readCents(cells("amount")))) ?? 0,
    reliquat,
    number: take("number", readNumber(cells("number"))),
    day: take("day", readDay(cells("day"))),
  };
}

/** SOLTéA never takes paid money back from a school (domain A7): a negative line is a misunderstanding. */
function positive(reading: Reading<number>): Reading<number> {
  if ("fault" in reading || reading.value > 0) return reading;
  return { fault: reading.value === 0 ? "amountZero" : "amountNegative" };
}

/** « 1 », « Virement 2 », or the label of the transfer. */
function readNumber(cell: Cell | undefined): Reading<number | null> {
  const text = wordsOf(cell);
  if (text === "") return { value: null };
  const number = readLabel(text)?.number ?? Number(/^\D*(\d{1,2})$/.exec(text)?.[1] ?? Number.NaN);
  return number >= 1 && number <= 99 ? { value: number } : { fault: "transferUnreadable" };
}

export type BankTransfer = {
  row: number;
  campaignYear: number;
  /** Null: the label ends before it, and a person must say. */
  number: number | null;
  siret: string;
  cents: number;
  day: string | null;
  label: string;
};

/** The credits whose label is SOLTéA's; how many other rows there were is told, since nobody else's money is kept. */
export function readStatement(rows: Cell[][], from: number, mapping: Mapping) {
  const [transfers, faults]: [BankTransfer[], RowFault[]] = [[], []];
  let others = 0;
  for (const [at, row] of rows.entries()) {
    if (at < from || isEmpty(row)) continue;
    const cells = cellsOf(row, mapping);
    const label = readLabel(wordsOf(cells("label")));
    if (!label) {
      others++;
      continue;
    }
    const [amount, day] = [positive(readCents(cells("amount"))), readDay(cells("day"))];
    const fault = (column: Column, { fault }: { fault: Fault }) =>
      faults.push({ row: at + 1, column, value: wordsOf(cells(column)).slice(0, 60), fault });
    if ("fault" in amount) fault("amount", amount);
    if ("fault" in day) fault("day", day);
    if ("fault" in amount || "fault" in day) continue;
    const text = wordsOf(cells("label")).slice(0, 300);
    transfers.push({ row: at + 1, ...label, cents: amount.value, day: day.value, label: text });
  }
  return { transfers, faults, others };
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
