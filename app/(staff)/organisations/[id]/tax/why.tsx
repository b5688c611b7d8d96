import { useFormatter, useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import { type Ties, whyYes } from "#lib/tax/companies/rules";

/** Why a company might say yes, in one line. */
export function Why({ ties, year }: { ties: Ties; year: number }) {
  const t = useTranslations("pledges.ties");
  const format = useFormatter();
  const reasons = whyYes(ties, year).map(({ key, count, year: last }) =>
    t(`reason.${key}`, { count, year: String(last ?? "") }),
  );
  if (reasons.length === 0) return t("noReason");
  const line = format.list(reasons);
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
}

/** When somebody of the house last called, who, and what was said. */
export function LastCall({ ties: { lastCallAt, lastCallBy, lastCallNote } }: { ties: Ties }) {
  const t = useTranslations("pledges.ties");
  const system = useTranslations("pledges.page")("system");
  const locale = useLocale();
  if (!lastCallAt) return t("noCall");
  const when = t("call", { date: formatDate(new Date(lastCallAt), locale), who: lastCallBy ?? system });
  return lastCallNote ? `${when} : ${lastCallNote}` : when;
}
