import { useLocale, useTranslations } from "next-intl";
import { formatEuros, formatNumber } from "#lib/machine/format";
import type { Opener } from "#lib/tax/reports/sources";
import { Card } from "#ui/card";
import { RowLink, Table } from "#ui/table";

/** Former students who opened the door of a company, and what came through it. */
export function Openers({ openers }: { openers: Opener[] }) {
  const t = useTranslations("pledges.costs");
  const locale = useLocale();
  return (
    <Card title={t("openers")} description={t("openersHint")} flush>
      <Table
        caption={t("openers")}
        rows={openers}
        rowKey={(row) => row.contactId}
        empty={<p className="px-5 pb-5 text-soft">{t("noOpeners")}</p>}
        columns={[
          {
            key: "name",
            label: t("columns.person"),
            heading: true,
            cell: (row) => <RowLink href={`/contacts/${row.contactId}`}>{row.name}</RowLink>,
          },
          { key: "year", label: t("columns.graduated"), cell: (row) => row.graduationYear },
          {
            key: "pledges",
            label: t("columns.pledges"),
            numeric: true,
            cell: (row) => formatNumber(row.pledges, locale),
          },
          {
            key: "euros",
            label: t("columns.euros"),
            numeric: true,
            beside: true,
            cell: (row) => formatEuros(row.receivedCents, locale),
          },
        ]}
      />
    </Card>
  );
}
