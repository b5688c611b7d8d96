import { BellRing, CalendarDays, Footprints } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { DayEntry } from "#lib/tax/pledges/agenda";
import { cx } from "#ui/class";
import { softTone } from "#ui/tone";
import { addressOf } from "../campaign";

type Props = { month: string; name: string; today: string; year: number; entries: DayEntry[] };

/** A month as a grid from Monday to Sunday; on a narrow screen only the days that hold something, one under the other. */
export function Month({ month, name, today, year, entries }: Props) {
  const t = useTranslations("pledges.calendar");
  const locale = useLocale();
  const weeks = weeksOf(month);
  const on = (day: string) => entries.filter((entry) => entry.day === day);
  const label = (day: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "fr-FR", { ...options, timeZone: "UTC" }).format(
      new Date(`${day}T12:00:00Z`),
    );
  return (
    <>
      {entries.length === 0 && <p className="mb-3 text-soft lg:hidden">{t("nothing")}</p>}
      <ol className="flex flex-col gap-3 lg:hidden">
        {[...new Set(entries.map(({ day }) => day))].map((day) => (
          <li key={day} className="rounded-card border border-line bg-surface p-4 shadow-card">
            <h3 className="mb-2 font-semibold first-letter:uppercase">
              {label(day, { weekday: "long", day: "numeric", month: "long" })}
            </h3>
            <Entries entries={on(day)} year={year} />
          </li>
        ))}
      </ol>
      <table className="hidden w-full table-fixed border-collapse overflow-hidden rounded-card border border-line bg-surface shadow-card lg:table">
        <caption className="sr-only">{t("label", { month: name })}</caption>
        <thead className="bg-sunken/60 text-[0.8125rem] text-faint">
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col" className="h-9 px-2 text-start font-medium first-letter:uppercase">
                {label(day, { weekday: "short" })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]} className="border-t border-line">
              {week.map((day) => (
                <td
                  key={day}
                  className={cx(
                    "h-24 border-s border-line p-2 align-top first:border-s-0",
                    !day.startsWith(month) && "bg-sunken/40 text-faint",
                  )}
                >
                  <span
                    className={cx(
                      "nums mb-1 inline-flex size-6 items-center justify-center rounded-full text-sm",
                      day === today && "bg-brand font-semibold text-on-brand",
                    )}
                  >
                    {Number(day.slice(8))}
                    {day === today && <span className="sr-only"> ({t("today")})</span>}
                  </span>
                  <Entries entries={on(day)} year={year} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Entries({ entries, year }: { entries: DayEntry[]; year: number }) {
  const t = useTranslations("pledges");
  const kinds = useTranslations("tax.campaigns.kinds");
  if (entries.length === 0) return null;
  const chip =
    "flex items-start gap-1.5 rounded-field px-2 py-1 text-[0.8125rem] leading-snug [&_svg]:mt-0.5 [&_svg]:size-3.5 [&_svg]:shrink-0";
  return (
    <ul className="flex flex-col gap-1">
      {entries.map((entry) => {
        if (entry.what === "milestone")
          return (
            <li key={entry.kind} className={cx(chip, softTone.brand, "font-medium")}>
              <CalendarDays aria-hidden />
              <span className="min-w-0 [overflow-wrap:anywhere]">{kinds(entry.kind)}</span>
            </li>
          );
        if (entry.what === "reminder")
          return (
            <li key={entry.rule} className={cx(chip, softTone.warn)}>
              <BellRing aria-hidden />
              <span className="min-w-0">
                {t("calendar.reminder", {
                  label: t(`rules.${entry.rule as "opening1"}`),
                  count: entry.count,
                })}
              </span>
            </li>
          );
        return <Steps key="steps" entry={entry} year={year} className={chip} />;
      })}
    </ul>
  );
}

type StepsProps = { entry: Extract<DayEntry, { what: "steps" }>; year: number; className: string };

function Steps({ entry: { steps, count }, year, className }: StepsProps) {
  const t = useTranslations("pledges.calendar");
  return (
    <>
      {steps.map(({ id, name, step }) => (
        <li key={id} className={className}>
          <Footprints aria-hidden />
          <Link
            href={`/pledges/${id}`}
            className="min-w-0 rounded [overflow-wrap:anywhere] hover:text-brand-text hover:underline"
          >
            {step ? `${name} : ${step}` : name}
          </Link>
        </li>
      ))}
      {count > steps.length && (
        <li className={className}>
          <Link
            href={addressOf("calls", year)}
            className="rounded underline underline-offset-3 hover:text-brand-text"
          >
            {t("more", { count: count - steps.length })}
          </Link>
        </li>
      )}
    </>
  );
}

/** The weeks that hold a month, whole ones. */
function weeksOf(month: string): string[][] {
  const first = new Date(`${month}-01T12:00:00Z`);
  const at = new Date(first);
  at.setUTCDate(1 - ((first.getUTCDay() + 6) % 7));
  const weeks: string[][] = [];
  while (weeks.length === 0 || at.toISOString().startsWith(month)) {
    const week: string[] = [];
    for (let day = 0; day < 7; day++) {
      week.push(at.toISOString().slice(0, 10));
      at.setUTCDate(at.getUTCDate() + 1);
    }
    weeks.push(week);
  }
  return weeks;
}
