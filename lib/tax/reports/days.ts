/**
 * The day on which `campaignYear` is looked at beside `year`, on a day (`2026-11-27`): as many years earlier. A campaign of
 * the year that comes is looked at today, one that is over on the same date of its own year; the 28th for a 29 February.
 */
export function sameDay(today: string, year: number, campaignYear: number): string {
  const day = today.slice(5) === "02-29" ? "02-28" : today.slice(5);
  const seen = Math.min(year, Number(today.slice(0, 4)));
  return `${seen - (year - campaignYear)}-${day}`;
}
