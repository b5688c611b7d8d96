import { useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import type { Milestone } from "#lib/tax/years/queries";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Table } from "#ui/table";

/** Where each date comes from, and what it was before. */
export function History({ milestones }: { milestones: Milestone[] }) {
  const t = useTranslations("tax.campaigns");
  const locale = useLocale();
  const day = (text: string | null) => (text ? formatDate(new Date(text), locale) : t("takenAway"));
  return (
    <Card title={t("history")} description={t("historyHint")} flush>
      <Table
        caption={t("history")}
        rows={milestones}
        rowKey={(row) => row.id}
        empty={<p className="px-5 pb-5 text-soft">{t("noDates")}</p>}
        columns={[
          { key: "kind", label: t("what"), heading: true, cell: (row) => t(`kinds.${row.kind}`) },
          {
            key: "day",
            label: t("day"),
            cell: (row) => (
              <span className="flex flex-wrap items-center gap-2 md:whitespace-nowrap">
                {day(row.day)}
                {row.superseded && <Badge>{t("replaced")}</Badge>}
              </span>
            ),
          },
          { key: "source", label: t("source"), cell: (row) => row.source },
          { key: "by", label: t("by"), cell: (row) => row.by ?? t("shipped"), wideOnly: true },
          {
            key: "at",
            label: t("at"),
            cell: (row) => <span className="md:whitespace-nowrap">{formatDate(row.recordedAt, locale)}</span>,
          },
        ]}
      />
    </Card>
  );
}
