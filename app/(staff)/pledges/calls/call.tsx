import { Phone } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { Tie, Ties } from "#lib/tax/companies/rules";
import type { CallRow } from "#lib/tax/pledges/agenda";
import { Badge } from "#ui/badge";
import { LastCall, Why } from "../../organisations/[id]/tax/why";
import { sayDay } from "../money";
import { toneOf } from "../tones";

/** One company of the call list; on paper a line is left for the answer. */
export function Call({ row, ties, year }: { row: CallRow; ties: Ties | undefined; year: number }) {
  const t = useTranslations("pledges");
  const c = useTranslations("contacts");
  const locale = useLocale();
  const next = [row.nextOn && sayDay(row.nextOn, locale), row.nextStep].filter(Boolean).join(" : ");
  const ask = (ties?.people ?? []).filter(({ past, role }) => !past && asked.includes(role)).slice(0, 3);
  const say = ({ name, role, jobTitle }: Tie) =>
    `${name} (${jobTitle || c(`roles.${role as "payroll"}`).toLowerCase()})`;
  return (
    <li className="break-inside-avoid px-5 py-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-semibold">
          <Link href={`/pledges/${row.pledgeId}`} className="rounded hover:text-brand-text hover:underline">
            {row.name}
          </Link>
        </h2>
        <Badge tone={toneOf[row.state]} dot>
          {t(`states.${row.state}`)}
        </Badge>
        <span className="text-sm text-soft">{[row.city, row.owner].filter(Boolean).join(" · ")}</span>
      </div>
      <dl className="mt-2 grid gap-x-6 gap-y-1 sm:grid-cols-[14rem_minmax(0,1fr)] [&_dt]:text-soft">
        <dt>{t("calls.phone")}</dt>
        <dd>
          {row.phone ? (
            <a
              href={`tel:${row.phone.replace(/[^+\d]/g, "")}`}
              className="nums inline-flex items-center gap-1.5 rounded font-medium hover:text-brand-text hover:underline"
            >
              <Phone aria-hidden className="size-4" />
              {row.phone}
            </a>
          ) : (
            t("calls.noPhone")
          )}
        </dd>
        <dt>{t("calls.ask")}</dt>
        <dd>{ask.length > 0 ? ask.map(say).join(", ") : t("calls.noPerson")}</dd>
        <dt>{t("ties.why")}</dt>
        <dd>{ties && <Why ties={ties} year={year} />}</dd>
        <dt>{t("ties.lastCall")}</dt>
        <dd>{ties && <LastCall ties={ties} />}</dd>
        {next && (
          <>
            <dt>{t("columns.next")}</dt>
            <dd>{next}</dd>
          </>
        )}
      </dl>
      <p className="mt-4 hidden border-b border-line pb-6 text-soft print:block">{t("calls.answer")}</p>
    </li>
  );
}

const asked = ["decision_maker", "payroll", "accountant"];
