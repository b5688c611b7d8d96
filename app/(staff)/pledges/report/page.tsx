import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { formatDate, formatEuros } from "#lib/machine/format";
import { wallClock } from "#lib/machine/paris";
import { sumStates } from "#lib/tax/pledges/queries";
import { forecast, listDonors, readStanding } from "#lib/tax/pledges/report";
import { firstCampaign } from "#lib/tax/pledges/schema";
import { Card } from "#ui/card";
import { campaignOf } from "../campaign";
import { Figures, Heading } from "../heading";
import { PrintButton } from "../print-button";
import { Donors } from "./donors";
import { Stages } from "./stages";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** One page for the council: where the campaign stands, beside the years before on the same day, and whom to thank. */
export default async function ReportPage({ searchParams }: Props) {
  const user = await gate("tax.read", "/pledges/report");
  const campaign = await campaignOf(await searchParams);
  const { year } = campaign;
  const today = wallClock(new Date()).slice(0, 10);
  const day = (of: number) => sameDay(today, of);
  const before = [year - 1, year - 2, year - 3].filter((one) => one >= firstCampaign);
  const [t, locale, totals, donors, now, ...past] = await Promise.all([
    getTranslations("pledges"),
    getLocale(),
    sumStates(year, { owner: "" }),
    listDonors(year),
    readStanding(year, day(year)),
    ...before.map((one) => readStanding(one, day(one))),
  ]);
  const told = past.filter((one) => one.solicited > 0 || one.received > 0);
  const end = forecast(now, told);
  return (
    <>
      <Heading
        view="report"
        campaign={campaign}
        edits={may(user.role, "tax.edit")}
        actions={<PrintButton label={t("print")} />}
      />
      <p className="mb-4 hidden text-soft print:block">
        {t("report.for", { date: formatDate(new Date(), locale) })}
      </p>
      <Figures year={year} totals={totals} search={{ ...campaign.search, owner: "" }} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Stages standings={[now, ...told]} day={day(year)} />
        <div className="flex min-w-0 flex-col gap-6">
          <Card title={t("report.forecast")}>
            <p className="nums font-display text-2xl font-semibold">
              {t("report.between", {
                low: formatEuros(end.low, locale),
                high: formatEuros(end.high, locale),
              })}
            </p>
            <p className="mt-1 text-soft">
              {end.years < 2 ? t("report.without") : t("report.from", { count: end.years })}
            </p>
          </Card>
          <Donors donors={donors} />
        </div>
      </div>
    </>
  );
}

/** The same day of another year; the 28th for a 29 February. */
function sameDay(today: string, year: number): string {
  const day = today.slice(5) === "02-29" ? "02-28" : today.slice(5);
  return `${year}-${day}`;
}
