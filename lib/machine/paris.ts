/** Wall clock of Europe/Paris to instants and back: one or two hours ahead of UTC, by the season. */
import { timeZone } from "#lib/machine/format";

const clock = new Intl.DateTimeFormat("sv-SE", {
  timeZone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

/** « 2026-11-23T19:30 », what a `datetime-local` field holds. */
export const wallClock = (at: Date): string => clock.format(at).replace(" ", "T");

/**
 * The instant of a Paris wall clock. Null for the hour that spring skips (and for no date at all); the hour that
 * autumn repeats means its first, summer-time passage.
 */
export function fromWallClock(local: string): Date | null {
  for (const offset of ["+02:00", "+01:00"]) {
    const at = new Date(`${local}:00${offset}`);
    if (!Number.isNaN(at.getTime()) && wallClock(at) === local) return at;
  }
  return null;
}
