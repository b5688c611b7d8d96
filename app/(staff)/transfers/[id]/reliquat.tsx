import { useLocale, useTranslations } from "next-intl";
import { formatCents } from "#lib/machine/format";
import type { listReliquat } from "#lib/tax/transfers/queries";
import { Card } from "#ui/card";
import { Table } from "#ui/table";

/** What SOLTéA shared out of what nobody had allocated. */
export function Reliquat({ lines }: { lines: Awaited<ReturnType<typeof listReliquat>> }) {
  const t = useTranslations("transfers");
  const locale = useLocale();
  if (lines.length === 0) return null;
  return (
    <Card title={t("one.reliquat")} flush>
      <Table
        caption={t("one.reliquat")}
        rows={lines}
        rowKey={(row) => row.id}
        columns={[
          {
            key: "name",
            label: t("one.line"),
            heading: true,
            cell: (row) => row.name || row.formation || t("reliquat"),
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
