/**
 * The table in a file that people export: a workbook of Excel (XLSX) or separated values. A workbook is an archive that
 * may hold a thousand times what it weighs, so it is opened in a thread with bounds of bytes, memory and time.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { readSeparated, textOf } from "#lib/machine/sheets/separated";
import type { SheetTask } from "#lib/machine/sheets/thread";

export type Cell = string | number | null;
export type SheetFault = "notASheet" | "tooBig" | "tooSlow" | "empty";
export type SheetAnswer = { rows: Cell[][] } | { fault: SheetFault };

const limits = {
  mostBytes: 50 * 1024 * 1024,
  mostEntries: 200,
  mostRows: 20_000,
  mostColumns: 200,
  mostLetters: 20_000_000,
  milliseconds: 15_000,
};

/** Opaque to the bundler: the thread runs from the source, like the worker. */
const source = () => join(/* turbopackIgnore: true */ process.cwd(), "lib/machine/sheets/thread.ts");

/**
 * The rows of the first sheet, or of the text, cells as they were: a number stays one, a date is `2026-07-11`. At most
 * 20 000 rows; the answer says why there are none.
 */
export async function readTable(
  bytes: Uint8Array,
  bounds: Partial<typeof limits> = {},
): Promise<SheetAnswer> {
  const within = { ...limits, ...bounds };
  if (bytes.length === 0) return { fault: "empty" };
  const answer =
    bytes[0] === 0x50 && bytes[1] === 0x4b ? await readBook(bytes, within) : readText(bytes, within);
  if ("fault" in answer) return answer;
  return answer.rows.some((row) => row.some((cell) => cell !== null && cell !== ""))
    ? answer
    : { fault: "empty" };
}

function readText(bytes: Uint8Array, { mostRows, mostColumns }: typeof limits): SheetAnswer {
  // A picture, a PDF or an old .xls: no text has a NUL but in UTF-16, which begins with its mark.
  if (bytes.includes(0) && !/^(\xff\xfe|\xfe\xff)/.test(Buffer.from(bytes.subarray(0, 2)).toString("latin1")))
    return { fault: "notASheet" };
  const rows = readSeparated(textOf(bytes), mostRows + 1, mostColumns + 1);
  return rows.length > mostRows || rows.some((row) => row.length > mostColumns)
    ? { fault: "tooBig" }
    : { rows };
}

async function readBook(bytes: Uint8Array, { milliseconds, ...bounds }: typeof limits): Promise<SheetAnswer> {
  const workerData: SheetTask = { bytes, bounds };
  const thread = new Worker(source(), {
    workerData,
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 320 },
  });
  const answer = Promise.withResolvers<SheetAnswer>();
  const timer = setTimeout(answer.resolve, milliseconds, { fault: "tooSlow" });
  // A thread that died did so of hunger.
  thread
    .on("message", answer.resolve)
    .on("error", () => answer.resolve({ fault: "tooBig" }))
    .on("exit", () => answer.resolve({ fault: "tooBig" }));
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
