import { FileText } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { formatDate } from "#lib/machine/format";
import { sumStates } from "#lib/tax/pledges/queries";
import { listDonors } from "#lib/tax/reports/queries";
import { LinkButton } from "#ui/link-button";
import { PrintButton } from "#ui/print-button";
import { campaignOf } from "../campaign";
import { Figures, Heading } from "../heading";
import { Donors } from "./donors";
import { ForecastCard } from "./forecast";
import { readReport } from "./read";
import { Stages } from "./stages";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Where the campaign stands, beside the years before on the same day, where it may end, and whom to thank. */
export default async function ReportPage({ searchParams }: Props) {
  const user = await gate("tax.read", "/pledges/report");
  const campaign = await campaignOf(await searchParams);
  const { year } = campaign;
  const [t, locale, totals, donors, report] = await Promise.all([
    getTranslations("pledges"),
    getLocale(),
    sumStates(year, { owner: "" }),
    listDonors(year),
    readReport(year),
  ]);
  const { now, told, day, ...end } = report;
  return (
    <>
      <Heading
        view="report"
        campaign={campaign}
        edits={may(user.role, "tax.edit")}
        actions={
          <>
            {may(user.role, "tax.export") && (
              <LinkButton
                href={`/pledges/report/pdf?year=${year}`}
                icon={<FileText aria-hidden />}
                download
                prefetch={false}
              >
                {t("report.pdf")}
              </LinkButton>
            )}
            <PrintButton label={t("print")} />
          </>
        }
      />
      <p className="mb-4 hidden text-soft print:block">
        {t("report.for", { date: formatDate(new Date(), locale) })}
      </p>
      <Figures year={year} totals={totals} search={{ ...campaign.search, owner: "" }} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Stages standings={[now, ...told]} day={day} />
        <div className="flex min-w-0 flex-col gap-6">
          <ForecastCard {...end} />
          <Donors donors={donors} year={year} />
        </div>
      </div>
    </>
  );
}
