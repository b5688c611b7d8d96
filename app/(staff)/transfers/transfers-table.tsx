import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { formatCents, formatDate } from "#lib/machine/format";
import type { TransferRow } from "#lib/tax/transfers/queries";
import { Badge } from "#ui/badge";
import { Table } from "#ui/table";

/** The transfers of a campaign: what the bank says beside what the lines say. */
export function TransfersTable({ rows, year }: { rows: TransferRow[]; year: number }) {
  const t = useTranslations("transfers");
  const locale = useLocale();
  return (
    <Table
      caption={t("list")}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<p className="px-5 pb-5 text-soft">{t("none", { year: String(year) })}</p>}
      columns={[
        {
          key: "number",
          label: t("columns.transfer"),
          heading: true,
          cell: (row) => (
            <Link href={`/transfers/${row.id}`} className="rounded text-brand-text hover:underline">
              {t("number", { number: row.number })}
            </Link>
          ),
        },
        {
          key: "day",
          label: t("columns.valueDate"),
          cell: (row) => row.valueDate && formatDate(new Date(row.valueDate), locale),
        },
        {
          key: "bank",
          label: t("columns.bank"),
          numeric: true,
          cell: (row) => (row.bankCents === null ? t("notTold") : formatCents(row.bankCents, locale)),
        },
        {
          key: "listed",
          label: t("columns.listed"),
          numeric: true,
          cell: (row) => t("linesOf", { amount: formatCents(row.listedCents, locale), count: row.lines }),
        },
        {
          key: "matched",
          label: t("columns.matched"),
          numeric: true,
          cell: (row) => formatCents(row.matchedCents, locale),
        },
        {
          key: "open",
          label: t("columns.open"),
          beside: true,
          cell: (row) => <Badge tone={row.openLines > 0 ? "warn" : "good"}>{row.openLines}</Badge>,
        },
      ]}
    />
  );
}
