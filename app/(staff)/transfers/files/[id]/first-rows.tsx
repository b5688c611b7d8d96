import { useLocale, useTranslations } from "next-intl";
import { formatCents, formatDate } from "#lib/machine/format";
import { formatSiret } from "#lib/people/organisations/rules";
import type { Preview } from "#lib/tax/transfers/preview";
import { Card } from "#ui/card";
import { Table } from "#ui/table";

/** What the file says by these columns: all counted, the first lines shown. */
export function FirstRows({ preview }: { preview: Preview }) {
  const t = useTranslations("transfers");
  const locale = useLocale();
  const { count, cents, others, first } = preview;
  const amount = formatCents(cents, locale);
  const summary =
    others === null
      ? t("preview.summary", { count, amount })
      : t("preview.summaryStatement", { count, amount, others });
  return (
    <Card title={summary} flush>
      <Table
        caption={t("preview.firstRows", { count: first.length })}
        rows={first}
        rowKey={(row) => row.row}
        columns={[
          {
            key: "name",
            label: t(others === null ? "fields.name" : "fields.label"),
            heading: true,
            cell: (row) => (
              <span className="[overflow-wrap:anywhere]">
                {row.name || (row.siret ? formatSiret(row.siret) : t("reliquat"))}
              </span>
            ),
          },
          { key: "siret", label: t("fields.siret"), cell: (row) => row.siret && formatSiret(row.siret) },
          { key: "place", label: t("fields.place"), wideOnly: true, cell: (row) => row.place },
          { key: "formation", label: t("fields.formation"), wideOnly: true, cell: (row) => row.formation },
          {
            key: "number",
            label: t("columns.transfer"),
            cell: (row) =>
              row.number === null
                ? others !== null && t("preview.noNumber")
                : t("number", { number: row.number }),
          },
          {
            key: "day",
            label: t("fields.day"),
            cell: (row) => row.day && formatDate(new Date(row.day), locale),
          },
          {
            key: "cents",
            label: t("fields.amount"),
            numeric: true,
            cell: (row) => formatCents(row.cents, locale),
          },
        ]}
      />
    </Card>
  );
}
