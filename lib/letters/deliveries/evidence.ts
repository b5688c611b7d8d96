/** What a Sent folder proves about a message nobody heard back about. Absence proves nothing by itself. */
import { env } from "#lib/machine/env";

/** Seconds. */
export type Waits = {
  /** Before the first look: a server may hold a message this long before it takes it. */
  first: number;
  /** How much later than the unknown message was given up a control was announced. */
  margin: number;
  /** After so long without any later message, a control of before will do. */
  quiet: number;
  /** What was accepted longer ago than this ought to be filed. */
  filing: number;
  /** How long copies may be missing before the folder is said to file none. */
  patience: number;
  /** Between looks. */
  again: readonly number[];
  /** After so long, nobody looks any more: people decide. */
  most: number;
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const FILING = 10 * MINUTE;

/** A server may take ten minutes to answer (RFC 5321, section 4.5.3.2.6), and accept at the last moment. */
export const ordinaryWaits: Waits = {
  first: Math.max(MINUTE, env.replySeconds),
  margin: Math.max(MINUTE, env.replySeconds),
  quiet: Math.max(MINUTE, env.replySeconds) + FILING,
  filing: FILING,
  patience: HOUR,
  again: [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR],
  most: 7 * 24 * HOUR,
};

/** One reading of the folder, and what the ledger says was accepted. Instants of the database. */
export type Reading = {
  /** When it began. */
  at: Date;
  /** Since when this account and folder are read. */
  since: Date;
  /** Controls: when the first and the last message was announced that was accepted at its first try, since then, and whose copy is there. */
  firstControl: Date | null;
  lastControl: Date | null;
  /** The same of any message of ours. */
  lastCopy: Date | null;
  /** From the ledger: the first and last acceptance old enough to be filed, and the very last. */
  firstFiled: Date | null;
  lastFiled: Date | null;
  lastSent: Date | null;
};

export type Absence = "notInSent" | "tooEarly" | "noControl" | "noCopies" | "newFolder";

/**
 * The copy of a message announced at `announcedAt` and given up at `unknownAt` is not in the folder. `notInSent`: copies
 * were filed there before it and after it (or nothing was sent after it and time was left for its own), so it is taken
 * as never accepted; decision 9 says when this may still be wrong. `noControl`: the folder does not prove that it filed
 * at that time. `noCopies`: it files none. `newFolder`: this folder was not read yet when the message left.
 */
export function judgeAbsence(
  { announcedAt, unknownAt }: { announcedAt: Date; unknownAt: Date },
  reading: Reading,
  waits: Waits = ordinaryWaits,
): Absence {
  if (announcedAt < reading.since) return "newFolder";
  const isLater = (at: Date | null, seconds = waits.margin) =>
    at !== null && at.getTime() >= unknownAt.getTime() + seconds * 1000;
  const hasPassed = (seconds: number) => isLater(reading.at, seconds);
  const isWitnessed = reading.firstControl !== null && reading.firstControl < announcedAt;
  if (isWitnessed && isLater(reading.lastControl)) return "notInSent";
  if (!hasPassed(waits.quiet)) return "tooEarly";
  if (isWitnessed && isQuiet(reading, isLater, waits)) return "notInSent";
  if (reading.lastCopy === null) return reading.firstFiled === null ? "noControl" : "noCopies";
  // Copies of before, none of after: late, or no longer filed.
  if (isLater(reading.lastFiled) && !isLater(reading.lastCopy))
    return hasPassed(waits.patience) ? "noCopies" : "tooEarly";
  return "noControl";
}

/** Nothing was sent later; what was sent within the margin, beyond what flew beside it, has its copies there. */
function isQuiet(
  { lastSent, lastControl }: Reading,
  isLater: (at: Date | null, seconds?: number) => boolean,
  { margin }: Waits,
): boolean {
  if (isLater(lastSent)) return false;
  return !isLater(lastSent, Math.min(margin, MINUTE)) || isLater(lastControl, 0);
}

/** Seconds until the next look after so many. */
export const nextLook = (looks: number, { again }: Waits = ordinaryWaits): number =>
  again[Math.min(looks, again.length) - 1] ?? HOUR;
