import { useLocale, useTranslations } from "next-intl";
import { formatEuros } from "#lib/machine/format";
import type { Forecast, Tried } from "#lib/tax/reports/forecast";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Table } from "#ui/table";

type Props = { end: Forecast; tried: Tried[]; largest: number | null };

/** Where the campaign may end, and what this way of telling said of campaigns whose end is known. */
export function ForecastCard({ end, tried, largest }: Props) {
  const t = useTranslations("pledges.report");
  const locale = useLocale();
  const between = ({ low, high }: { low: bigint; high: bigint }) =>
    t("between", { low: formatEuros(low, locale), high: formatEuros(high, locale) });
  return (
    <Card title={t("forecast")}>
      <p className="nums font-display text-2xl font-semibold">{between(end)}</p>
      <p className="mt-1 text-soft">{end.years < 2 ? t("without") : t("from", { count: end.years })}</p>
      {largest !== null && <p className="mt-1 text-soft">{t("largest", { percent: largest })}</p>}
      {tried.length > 0 && (
        <div className="-mx-5 mt-4">
          <Table
            caption={t("tried")}
            rows={tried}
            rowKey={(row) => row.campaignYear}
            columns={[
              {
                key: "year",
                label: t("tried"),
                heading: true,
                cell: (row) => (
                  <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                    {row.campaignYear}
                    <Badge tone={row.inside ? "good" : "warn"}>{t(row.inside ? "inside" : "outside")}</Badge>
                  </span>
                ),
              },
              { key: "told", label: t("foretold"), cell: between, labelled: true },
              {
                key: "truth",
                label: t("truth"),
                numeric: true,
                cell: (row) => formatEuros(row.truth, locale),
              },
            ]}
          />
        </div>
      )}
    </Card>
  );
}
