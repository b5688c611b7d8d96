/** Pure: which nights' backups are kept. */

/** Why a backup could not be put back, when it is the file's fault. */
export const damagedFile = "damaged";

/** The last of each of so many days, weeks (to Sunday) and months. */
export const kept = { days: 7, weeks: 5, months: 12 } as const;

/** `days`: one `YYYY-MM-DD` a backup. Returns those that no rule keeps any more. */
export function surplus(days: string[]): string[] {
  const newest = [...new Set(days)].sort().reverse();
  const keep = new Set([
    ...newest.slice(0, kept.days),
    ...lastOfEach(newest, weekOf).slice(0, kept.weeks),
    ...lastOfEach(newest, (day) => day.slice(0, 7)).slice(0, kept.months),
  ]);
  return newest.filter((day) => !keep.has(day));
}

function lastOfEach(newest: string[], periodOf: (day: string) => string): string[] {
  const last = new Map<string, string>();
  for (const day of newest) if (!last.has(periodOf(day))) last.set(periodOf(day), day);
  return [...last.values()];
}

/** The Sunday it ends on. */
function weekOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + ((7 - date.getUTCDay()) % 7));
  return date.toISOString().slice(0, 10);
}

const DAY = 24 * 3600_000;

/** A night missed is a machine that was off; two are a fault. */
export const isOverdue = (finishedAt: Date | null, now: Date): boolean =>
  finishedAt === null || now.getTime() - finishedAt.getTime() > 2.5 * DAY;

/** A backup that was never put back is a hope. */
export const isUndrilled = (drilledAt: Date | null, now: Date): boolean =>
  drilledAt === null || now.getTime() - drilledAt.getTime() > 35 * DAY;
