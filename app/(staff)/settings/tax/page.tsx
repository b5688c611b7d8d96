import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { wallClock } from "#lib/machine/paris";
import { findTaxYear, listCampaignYears, listMilestones } from "#lib/tax/years/queries";
import { askedYear } from "#lib/tax/years/schema";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Calendar } from "./calendar";
import { Establishment } from "./establishment";
import { History } from "./history";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function TaxSettingsPage({ searchParams }: Props) {
  await gate("settings.edit", "/settings/tax");
  const thisYear = Number(wallClock(new Date()).slice(0, 4));
  const year = askedYear.parse((await searchParams).year) ?? thisYear;
  const [t, s, r, told, milestones, known] = await Promise.all([
    getTranslations("tax.campaigns"),
    getTranslations("settings"),
    getTranslations("tax.rates"),
    findTaxYear(year),
    listMilestones(year),
    listCampaignYears(),
  ]);
  const years = [...new Set([thisYear + 1, thisYear, year, ...known])].sort((a, b) => b - a);
  return (
    <>
      <PageHeader
        title={t("title", { year: String(year) })}
        lead={t("lead", { year: String(year), pay: String(year - 1) })}
        breadcrumbs={[{ label: s("title"), href: "/settings" }]}
        actions={<LinkButton href="/settings/tax/rates">{r("open")}</LinkButton>}
      />
      <nav aria-label={t("years")} className="mb-5 flex flex-wrap gap-2">
        {years.map((one) => (
          <LinkButton
            key={one}
            href={`/settings/tax?year=${one}`}
            size="sm"
            variant={one === year ? "primary" : "secondary"}
            aria-current={one === year ? "page" : undefined}
          >
            {String(one)}
          </LinkButton>
        ))}
      </nav>
      <div className="flex flex-col gap-5">
        <Card title={t("establishment")} description={t("establishmentHint")}>
          <Establishment key={year} year={year} told={told} />
        </Card>
        <Card title={t("calendar")} description={t("calendarHint")}>
          <Calendar key={year} year={year} milestones={milestones} />
        </Card>
        <History milestones={milestones} />
      </div>
    </>
  );
}
