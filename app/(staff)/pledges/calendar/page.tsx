import { ChevronLeft, ChevronRight } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { formatMonth } from "#lib/machine/format";
import { wallClock } from "#lib/machine/paris";
import { listDays } from "#lib/tax/pledges/agenda";
import { sumStates } from "#lib/tax/pledges/queries";
import { monthSearch } from "#lib/tax/pledges/schema";
import { listMilestones } from "#lib/tax/years/queries";
import { Alert } from "#ui/alert";
import { LinkButton } from "#ui/link-button";
import { addressOf, campaignOf } from "../campaign";
import { Heading } from "../heading";
import { Month } from "./month";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function PledgesCalendarPage({ searchParams }: Props) {
  const user = await gate("tax.read", "/pledges/calendar");
  const asked = await searchParams;
  const campaign = await campaignOf(asked);
  const { year, search } = campaign;
  const today = wallClock(new Date()).slice(0, 10);
  const month =
    monthSearch.parse(asked.month) ?? (today.startsWith(String(year)) ? today.slice(0, 7) : `${year}-05`);
  const [t, locale, totals, milestones] = await Promise.all([
    getTranslations("pledges"),
    getLocale(),
    sumStates(year, { owner: "" }),
    listMilestones(year),
  ]);
  const entries = await listDays(year, month, totals);
  const name = formatMonth(month, locale);
  const beside = (step: number) =>
    addressOf("calendar", year, { month: monthFrom(month, step), owner: search.owner });
  const told = milestones.some(({ day, superseded }) => day && !superseded);
  return (
    <>
      <Heading view="calendar" campaign={campaign} edits={may(user.role, "tax.edit")} />
      {!told && (
        <Alert
          tone="warn"
          className="mb-4"
          actions={
            may(user.role, "settings.edit") && (
              <LinkButton href={`/settings/tax?year=${year}`}>{t("calendar.tell")}</LinkButton>
            )
          }
        >
          {t("calendar.noDates")}
        </Alert>
      )}
      <nav className="no-print mb-3 flex items-center gap-2">
        <LinkButton
          href={beside(-1)}
          size="sm"
          aria-label={t("calendar.previous")}
          icon={<ChevronLeft aria-hidden />}
        />
        <h2 className="min-w-40 text-center font-display text-lg font-semibold first-letter:uppercase">
          {name}
        </h2>
        <LinkButton
          href={beside(1)}
          size="sm"
          aria-label={t("calendar.next")}
          icon={<ChevronRight aria-hidden />}
        />
      </nav>
      <Month month={month} name={name} today={today} year={year} entries={entries} />
      <p className="mt-3 text-sm text-soft">{t("calendar.legend")}</p>
    </>
  );
}

function monthFrom(month: string, step: number): string {
  const at = new Date(`${month}-15T12:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + step);
  return at.toISOString().slice(0, 7);
}
