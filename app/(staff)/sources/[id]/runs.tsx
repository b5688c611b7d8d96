import { useLocale, useTranslations } from "next-intl";
import { formatDateTime, formatNumber } from "#lib/machine/format";
import type { RunRow } from "#lib/sites/sources/queries";
import { RowLink, Table } from "#ui/table";
import { RunStatus } from "../status";

export function RunsTable({ runs }: { runs: RunRow[] }) {
  const t = useTranslations("sources");
  const locale = useLocale();
  const figure = (key: "created" | "updated" | "rejected", wideOnly = false) => ({
    key,
    label: t(`columns.${key}`),
    numeric: true,
    wideOnly,
    cell: (run: RunRow) => formatNumber(run[key], locale),
  });
  return (
    <Table
      caption={t("runs.title")}
      rows={runs}
      rowKey={(run) => run.id}
      empty={<p className="px-5 pb-5 text-soft">{t("runs.none")}</p>}
      columns={[
        {
          key: "date",
          label: t("columns.date"),
          heading: true,
          cell: (run) => (
            <RowLink href={`/sources/runs/${run.id}`}>{formatDateTime(run.createdAt, locale)}</RowLink>
          ),
        },
        {
          key: "status",
          label: t("columns.status"),
          beside: true,
          cell: (run) => <RunStatus status={run.status} />,
        },
        {
          key: "origin",
          label: t("columns.origin"),
          wideOnly: true,
          cell: (run) => t(`origin.${run.origin as "pull"}`),
        },
        figure("created"),
        figure("updated"),
        figure("rejected"),
      ]}
    />
  );
}
