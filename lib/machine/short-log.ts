import * as fs from "node:fs";

/** Bytes. */
const LONGEST = 10_000_000;

/** Copied and emptied in place, for whoever has it open goes on writing at its end: the last twenty megabytes are kept, in two files. */
export function keepLogShort(path: string) {
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= LONGEST) return;
  try {
    fs.copyFileSync(path, `${path}.1`);
  } catch {
    // The disk is full: the more reason to empty it.
  }
  fs.truncateSync(path);
}
