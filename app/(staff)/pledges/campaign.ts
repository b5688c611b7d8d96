/** Which campaign a screen is about: the one asked for, else the last that has pledges, else this year's. */
import { wallClock } from "#lib/machine/paris";
import { listPledgeYears } from "#lib/tax/pledges/queries";
import { type PledgeSearch, pledgeSearch } from "#lib/tax/pledges/schema";

type Asked = Record<string, string | string[] | undefined>;
export type Campaign = { year: number; years: number[]; search: PledgeSearch };

export async function campaignOf(asked: Asked): Promise<Campaign> {
  const search = pledgeSearch.parse(asked);
  const known = await listPledgeYears();
  const today = wallClock(new Date());
  const thisYear = Number(today.slice(0, 4));
  // SOLTéA closes in the autumn: from December on, one prepares the next.
  const current = today.slice(5, 7) === "12" ? thisYear + 1 : thisYear;
  const year = search.year ?? (known.includes(current) ? current : (known[0] ?? current));
  const years = [...new Set([current + 1, current, year, ...known])].sort((a, b) => b - a);
  return { year, years, search };
}

type View = "" | "table" | "calendar" | "calls" | "report" | "costs" | "thanks";

/** The address of a view with what it is filtered by. */
export function addressOf(view: View, year: number, more: Record<string, unknown> = {}): string {
  const search = new URLSearchParams({ year: String(year) });
  for (const [key, value] of Object.entries(more))
    if (value !== undefined && value !== "" && value !== null) search.set(key, String(value));
  return `/pledges${view && `/${view}`}?${search}`;
}
