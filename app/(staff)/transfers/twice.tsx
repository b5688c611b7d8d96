import { useLocale, useTranslations } from "next-intl";
import { formatCents } from "#lib/machine/format";
import { formatSiret } from "#lib/people/organisations/rules";
import type { listTwice } from "#lib/tax/transfers/queries";
import { Alert } from "#ui/alert";

/** Nothing where nothing looks like it. */
export function Twice({ rows }: { rows: Awaited<ReturnType<typeof listTwice>> }) {
  const t = useTranslations("transfers.twice");
  const locale = useLocale();
  if (rows.length === 0) return null;
  return (
    <Alert tone="warn" title={t("title")}>
      {t("text")}
      <ul className="mt-2 list-disc ps-5">
        {rows.map(({ siret, name, cents, numbers }) => (
          <li key={`${siret} ${cents}`}>
            {`${name || formatSiret(siret)}, ${formatCents(cents, locale)}, `}
            {t("numbers", { numbers: numbers.join(", ") })}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
