import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { limits } from "#lib/sites/sources/format";
import type { listRowErrors, RunDetail } from "#lib/sites/sources/queries";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import { Pager } from "#ui/pager";
import { Table } from "#ui/table";

type Row = Awaited<ReturnType<typeof listRowErrors>>[number];

export function RowErrors({ run, errors }: { run: RunDetail; errors: Row[] }) {
  const t = useTranslations("sources");
  const page = errors.slice(0, 50);
  const capped = run.rejected + run.notes + run.archived > limits.recordedErrors;
  return (
    <Card
      title={t("run.errors")}
      description={capped ? t("run.errorsCapped", { limit: limits.recordedErrors }) : undefined}
      flush
      actions={
        page.length > 0 && (
          <LinkButton
            href={`/sources/runs/${run.id}/errors`}
            size="sm"
            icon={<Download aria-hidden />}
            prefetch={false}
          >
            {t("run.csv")}
          </LinkButton>
        )
      }
    >
      <Table
        caption={t("run.errors")}
        rows={page}
        rowKey={(row) => row.id}
        empty={<p className="px-5 pb-5 text-soft">{t("run.errorsNone")}</p>}
        columns={[
          { key: "line", label: t("columns.line"), numeric: true, heading: true, cell: (row) => row.line },
          {
            key: "field",
            label: t("columns.field"),
            cell: (row) => <code className="text-sm">{row.field}</code>,
          },
          { key: "problem", label: t("columns.problem"), cell: (row) => <Problem row={row} /> },
          {
            key: "value",
            label: t("columns.value"),
            cell: (row) => <span className="[overflow-wrap:anywhere]">{row.value}</span>,
          },
        ]}
      />
      {errors.length > 50 && <Pager nextHref={`/sources/runs/${run.id}?after=${page.at(-1)?.id}`} />}
    </Card>
  );
}

function Problem({ row }: { row: Row }) {
  const t = useTranslations("sources");
  return (
    <span className="flex flex-col gap-0.5 text-start">
      <span className="flex flex-wrap items-center gap-2">
        <Badge tone={row.rejected ? "bad" : "warn"}>
          {row.rejected ? t("run.rejectedRow") : t("run.note")}
        </Badge>
        <span className="inline-block first-letter:uppercase">{t(`rowError.${row.reason}.what`)}</span>
      </span>
      <span className="text-sm text-faint">{t(`rowError.${row.reason}.cure`)}</span>
    </span>
  );
}
