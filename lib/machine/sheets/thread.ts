/** The thread in which one workbook is read; read.ts starts it and ends it. */
import { parentPort, workerData } from "node:worker_threads";
import type { SheetAnswer } from "#lib/machine/sheets/read";
import { type Bounds, readWorkbook, TooBig } from "#lib/machine/sheets/workbook";

export type SheetTask = { bytes: Uint8Array; bounds: Bounds };

const { bytes, bounds } = workerData as SheetTask;
parentPort?.postMessage(answer());

function answer(): SheetAnswer {
  try {
    return { rows: readWorkbook(bytes, bounds) };
  } catch (error) {
    return { fault: error instanceof TooBig ? "tooBig" : "notASheet" };
  }
}
