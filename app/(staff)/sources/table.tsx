import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatDateTime, formatNumber } from "#lib/machine/format";
import type { SourceRow } from "#lib/sites/sources/queries";
import { Badge } from "#ui/badge";
import { RowLink, Table } from "#ui/table";
import { isOpen, RunStatus } from "./status";
import { SyncButton } from "./sync-button";

type Props = { sources: SourceRow[]; syncs: boolean; empty: ReactNode };

export function SourcesTable({ sources, syncs, empty }: Props) {
  const t = useTranslations("sources");
  const locale = useLocale();
  return (
    <Table
      caption={t("title")}
      rows={sources}
      rowKey={(source) => source.id}
      empty={empty}
      columns={[
        { key: "name", label: t("columns.name"), heading: true, cell: (source) => <Name source={source} /> },
        { key: "lastRun", label: t("columns.lastRun"), cell: (source) => <LastRun source={source} /> },
        {
          key: "known",
          label: t("columns.known"),
          numeric: true,
          cell: (source) => formatNumber(source._count.externalIds, locale),
        },
        {
          key: "acts",
          label: t("columns.acts"),
          labelHidden: true,
          cell: (source) => syncs && <Acts source={source} />,
        },
      ]}
    />
  );
}

function Name({ source }: { source: SourceRow }) {
  const t = useTranslations("sources");
  return (
    <span className="flex flex-wrap items-center gap-2">
      <RowLink href={`/sources/${source.id}`}>{source.name}</RowLink>
      <code className="text-[0.8125rem] font-normal text-faint">{source.key}</code>
      {source.archivedAt && <Badge>{t("archivedBadge")}</Badge>}
    </span>
  );
}

function LastRun({ source }: { source: SourceRow }) {
  const t = useTranslations("sources");
  const locale = useLocale();
  const [run] = source.runs;
  if (!run) return <span className="text-faint">{t("never")}</span>;
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Link href={`/sources/runs/${run.id}`} className="hover:text-brand-text hover:underline">
        {formatDateTime(run.finishedAt ?? run.createdAt, locale)}
      </Link>
      <RunStatus status={run.status} />
    </span>
  );
}

function Acts({ source }: { source: SourceRow }) {
  const t = useTranslations("sources");
  const [run] = source.runs;
  if (source.archivedAt) return null;
  if (!source.url) return <p className="text-sm text-faint sm:text-end">{t("noUrl")}</p>;
  return (
    <div className="flex justify-end max-sm:justify-start max-sm:pt-2">
      <SyncButton id={source.id} busy={run !== undefined && isOpen(run.status)} size="sm" />
    </div>
  );
}
