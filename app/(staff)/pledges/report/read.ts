/** What the report says, for its page and for the council's PDF. */
import { wallClock } from "#lib/machine/paris";
import { sumCosts } from "#lib/tax/costs/queries";
import { costOf, returnOn } from "#lib/tax/costs/rules";
import { firstCampaign } from "#lib/tax/pledges/schema";
import { sameDay } from "#lib/tax/reports/days";
import { backtest, forecast } from "#lib/tax/reports/forecast";
import { largestShare, readSnapshot, readStanding } from "#lib/tax/reports/queries";
import { findTaxYear } from "#lib/tax/years/queries";

/** Past campaigns that are read: the three a forecast rests on, and those that its trial of each rests on. */
const most = 6;

export async function readReport(year: number) {
  const today = wallClock(new Date()).slice(0, 10);
  const day = (one: number) => sameDay(today, year, one);
  const before = Array.from({ length: most }, (_, at) => year - 1 - at).filter((one) => one >= firstCampaign);
  const [now, snapshot, largest, ...past] = await Promise.all([
    readStanding(year, day(year)),
    readSnapshot(year, day(year)),
    largestShare(year),
    ...before.map((one) => readStanding(one, day(one))),
  ]);
  const snapshots = await Promise.all(before.map((one) => readSnapshot(one, day(one))));
  const told = past.filter((one) => one.solicited > 0 || one.received > 0).slice(0, 3);
  const end = forecast(snapshot, snapshots);
  return { day: day(year), now, told, end, tried: backtest(snapshots), largest };
}

/** What the campaign cost as a whole, and what it returned of it. */
export async function readReturn(year: number, received: bigint, donors: number) {
  const [costs, told] = await Promise.all([sumCosts(year), findTaxYear(year)]);
  const minutes = costs.reduce((sum, one) => sum + one.minutes, 0);
  const cents = costs.reduce((sum, one) => sum + BigInt(one.cents), 0n);
  const hourly = told?.hourlyCents ?? null;
  const cost = costOf({ minutes, cents }, hourly);
  return { costs, minutes, cents, hourly, cost, returned: returnOn(received, cost, donors) };
}
