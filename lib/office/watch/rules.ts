/** Pure: what is wrong with an installation, from what was measured. */
import { isOverdue } from "#lib/machine/backups/rules";
import { lateSeconds, silenceSeconds } from "#lib/machine/health/rules";

/** In the order of the page. */
export const faultKinds = [
  "workerSilent",
  "diskFull",
  "backupFailed",
  "backupLate",
  "drillFailed",
  "mailboxSilent",
  "mailboxSlow",
  "campaignStuck",
  "journalStuck",
  "certificateEnds",
  "standbyLate",
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** `subject` is the row it is about, 0 for the whole; `who` its name; `figure` what the sentence needs: GB, days (-1: it is over). */
export type Fault = { kind: FaultKind; subject: number; who: string; figure: number | null };

export type Measures = {
  now: Date;
  /** Seconds since the freshest sign of life, null when no worker ever ran. */
  heartbeatAge: number | null;
  /** Bytes of the disk that holds `.data`; null where it cannot be asked. */
  disk: { free: number; size: number } | null;
  /** The first account: a backup cannot be late before there is anybody. */
  startedAt: Date | null;
  backupAt: Date | null;
  /** Of the last night's, when it could not be taken. */
  backupError: string | null;
  drillError: string | null;
  /** When a backup was last put back for trial, and was the same. */
  drilledAt: Date | null;
  /** Since a backup was put back, or the like: nothing is read and nothing leaves before an administrator says so. */
  held: boolean;
  /**
   * Of accounts in service: seconds since their mailbox was read, or a reading of it brought something, and whether it is
   * being read at this moment, for the first time since all was well.
   */
  mailboxes: { relayId: number; name: string; age: number; reading: boolean }[];
  /** Messages announced to a server, whose worker is long past its lease and whose outcome nobody wrote; 1 000 at most. */
  unwritten: number;
  /** Under way, due for so many seconds, by an open relay that sent nothing for as long. */
  stuck: { campaignId: number; name: string; late: number }[];
  /** Whole days until the certificate of the public address ends; null without one, or when it cannot be reached. */
  certificateDays: number | null;
  /** A standby that follows without being waited for: its takeover may lose what was just sent. */
  asyncStandby: boolean;
};

const GIGABYTE = 1e9;
/** Less of either, and a night's backup may be the last that fits. */
const spare = { bytes: 2 * GIGABYTE, share: 0.05 };
/** Between two looks of the web process. */
export const lookSeconds = 30;
/** What fails is on the page within two minutes: this, and a look. */
export const idleSeconds = 120 - lookSeconds;
/** Seconds for which a fault must have lasted before somebody is written to: a server that starts again is no news. */
export const patience: Partial<Record<FaultKind, number>> = {
  mailboxSilent: lateSeconds,
  mailboxSlow: lateSeconds,
  campaignStuck: 5 * 60,
};

/** Renewed thirty days before its end by the usual programs: this late, they have failed. */
const certificateMargin = 14;

export function findFaults(m: Measures): Fault[] {
  const faults: Fault[] = [];
  const add = (kind: FaultKind, figure: number | null = null, subject = 0, who = "") =>
    faults.push({ kind, subject, who, figure });
  const silent = m.heartbeatAge === null || m.heartbeatAge > silenceSeconds;
  if (silent) add("workerSilent", m.heartbeatAge === null ? null : Math.round(m.heartbeatAge / 60));
  if (m.disk && m.disk.free < Math.max(spare.bytes, spare.share * m.disk.size))
    add("diskFull", Math.floor(m.disk.free / (GIGABYTE / 10)) / 10);
  if (m.backupError !== null) add("backupFailed");
  if (m.startedAt && isOverdue(m.backupAt ?? m.startedAt, m.now)) add("backupLate");
  if (m.drillError !== null) add("drillFailed");
  // Without a worker, or held, nothing is read and nothing leaves: that is said once.
  if (!silent && !m.held) {
    for (const { relayId, name, age, reading } of m.mailboxes)
      if (age > idleSeconds) add(reading ? "mailboxSlow" : "mailboxSilent", null, relayId, name);
    for (const { campaignId, name, late } of m.stuck)
      if (late > idleSeconds) add("campaignStuck", Math.round(late / 60), campaignId, name);
    if (m.unwritten > 0) add("journalStuck", m.unwritten);
  }
  if (m.certificateDays !== null && m.certificateDays < certificateMargin)
    add("certificateEnds", Math.max(-1, m.certificateDays));
  if (m.asyncStandby) add("standbyLate");
  return faults;
}
