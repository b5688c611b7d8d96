/** Days of follow-ups, as `YYYY-MM-DD` of Paris. Pure. */
import { wallClock } from "#lib/machine/paris";

export const todayInParis = (now = new Date()): string => wallClock(now).slice(0, 10);

/** `days` later; negative: earlier. */
export function daysAfter(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** 0 Sunday … 6 Saturday. */
const weekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay();

/** The next Monday after `day`: of a Monday, a week later. */
export const mondayAfter = (day: string): string => daysAfter(day, (8 - weekday(day)) % 7 || 7);

/** The first day of work after `day`: Friday’s is Monday. */
export const workdayAfter = (day: string): string =>
  weekday(daysAfter(day, 1)) % 6 === 0 ? mondayAfter(day) : daysAfter(day, 1);

/** Where one click moves a task: a day on, or to Monday, counted from today when it is late. */
export function postponed(dueOn: string, to: "tomorrow" | "monday", today: string): string {
  const from = dueOn < today ? today : dueOn;
  return to === "monday" ? mondayAfter(from) : daysAfter(from, 1);
}

export type Standing = "done" | "late" | "today" | "coming";

/** How a task stands: late from the day after, or once its hour has passed. `now` is « 2026-11-27T14:30 » of Paris. */
export function standingOf(task: Due, now: string): Standing {
  if (task.doneAt) return "done";
  const today = now.slice(0, 10);
  if (task.dueOn < today) return "late";
  if (task.dueOn > today) return "coming";
  return task.dueTime !== null && `${today}T${task.dueTime}` < now ? "late" : "today";
}
type Due = { dueOn: string; dueTime: string | null; doneAt: Date | null };
