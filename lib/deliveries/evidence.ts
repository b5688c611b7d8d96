/** What a Sent folder proves about a message nobody heard back about. Absence proves nothing by itself. */

/** Seconds. */
export type Waits = {
  /** Before the first look: servers file and index their copies late. */
  first: number;
  /** How much later than the unknown message a control was announced. */
  margin: number;
  /** After so long without any later message, any control will do. */
  quiet: number;
  /** What was accepted longer ago than this ought to be filed. */
  filing: number;
  /** How long copies may be missing before the folder is said to file none. */
  patience: number;
  /** Between looks. */
  again: readonly number[];
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export const ordinaryWaits: Waits = {
  first: MINUTE,
  margin: MINUTE,
  quiet: 15 * MINUTE,
  filing: 10 * MINUTE,
  patience: HOUR,
  again: [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR],
};

/** One reading of the folder, and what the ledger says was accepted. Instants of the database. */
export type Reading = {
  /** When it began. */
  at: Date;
  /** Controls: when the first and the last message was announced that was accepted at its first try and whose copy is there. */
  firstControl: Date | null;
  lastControl: Date | null;
  /** The same of any message of ours. */
  lastCopy: Date | null;
  /** From the ledger: the first and last acceptance old enough to be filed, and the very last. */
  firstFiled: Date | null;
  lastFiled: Date | null;
  lastSent: Date | null;
};

export type Absence = "notInSent" | "tooEarly" | "noControl" | "noCopies";

/**
 * The copy of a message given up at `unknownAt` is not in the folder. `notInSent`: it was never accepted, because the
 * copy of one announced later is there, or nothing was sent later and time was left for it to come. `noCopies`: this
 * folder files none.
 */
export function judgeAbsence(
  { unknownAt }: { unknownAt: Date },
  reading: Reading,
  waits: Waits = ordinaryWaits,
): Absence {
  const after = (seconds: number) => unknownAt.getTime() + seconds * 1000;
  const isLater = (at: Date | null) => at !== null && at.getTime() >= after(waits.margin);
  const hasPassed = (seconds: number) => reading.at.getTime() >= after(seconds);
  if (isLater(reading.lastControl)) return "notInSent";
  const isQuiet = !isLater(reading.lastSent);
  if (isQuiet && reading.firstControl && hasPassed(waits.quiet)) return "notInSent";
  if (!hasPassed(waits.quiet)) return "tooEarly";
  if (reading.lastCopy === null) return reading.firstFiled === null ? "noControl" : "noCopies";
  // Copies of before, none of after: late, or no longer filed.
  if (isLater(reading.lastFiled) && !isLater(reading.lastCopy))
    return hasPassed(waits.patience) ? "noCopies" : "tooEarly";
  return "noControl";
}

/** Seconds until the next look after so many. */
export const nextLook = (looks: number, { again }: Waits = ordinaryWaits): number =>
  again[Math.min(looks, again.length) - 1] ?? HOUR;
