import { useLocale, useTranslations } from "next-intl";
import { formatDay, formatEuros, formatNumber } from "#lib/machine/format";
import type { Standing } from "#lib/tax/reports/queries";
import { Card } from "#ui/card";
import { Table } from "#ui/table";

const counts = ["letters", "answers", "solicited", "pledged", "allocated", "received", "newDonors"] as const;
const sums = ["receivedCents", "finalCents"] as const;

/** Stages down, years across: this one first. */
export function Stages({ standings, day }: { standings: Standing[]; day: string }) {
  const t = useTranslations("pledges.report");
  const locale = useLocale();
  return (
    <Card title={t("title")} description={t("hint", { date: formatDay(day, locale) })} flush>
      <Table
        caption={t("title")}
        rows={[...counts, ...sums]}
        rowKey={(row) => row}
        columns={[
          { key: "what", label: t("what"), heading: true, cell: (row) => t(row) },
          ...standings.map((one) => ({
            key: String(one.campaignYear),
            label: String(one.campaignYear),
            numeric: true,
            cell: (row: (typeof counts)[number] | (typeof sums)[number]) =>
              row === "receivedCents" || row === "finalCents"
                ? formatEuros(one[row], locale)
                : formatNumber(one[row], locale),
          })),
        ]}
      />
    </Card>
  );
}
