import { FileCode2, Pencil, Waypoints } from "lucide-react";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { formatDateTime } from "#lib/machine/format";
import { findSource, listRuns } from "#lib/sites/sources/queries";
import { Alert } from "#ui/alert";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { FormatCard } from "../format";
import { isOpen } from "../status";
import { SyncButton } from "../sync-button";
import { ArchiveSource, RestoreSource } from "./archive";
import { CorrectionsCard } from "./corrections-card";
import { RunsTable } from "./runs";
import { SourceSettings } from "./settings";
import { UploadCard } from "./upload-card";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ before?: string; problem?: string }>;
};

const problems = ["tooBig", "emptyFile", "alreadyRunning", "badUpload", "notFound"] as const;

export default async function SourcePage({ params, searchParams }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("sources.read", `/sources/${id}`);
  const [t, locale, source, search] = [
    await getTranslations("sources"),
    await getLocale(),
    await findSource(id),
    await searchParams,
  ];
  if (!source) notFound();
  const runs = await listRuns(id, idOf(search.before) ?? undefined);
  const [latest] = await listRuns(id);
  const [edits, syncs] = [
    may(user.role, "sources.edit"),
    may(user.role, "sources.sync") && !source.archivedAt,
  ];
  const busy = latest !== undefined && isOpen(latest.status);
  const problem = problems.find((known) => known === search.problem);
  return (
    <>
      <PageHeader
        title={source.name}
        breadcrumbs={[{ label: t("title"), href: "/sources" }]}
        aside={source.archivedAt && <Badge>{t("archivedBadge")}</Badge>}
        lead={
          latest
            ? t("lastRun", { date: formatDateTime(latest.finishedAt ?? latest.createdAt, locale) })
            : t("noRun")
        }
        actions={
          <>
            {edits && !source.archivedAt && (
              <LinkButton href={`/sources/${id}/script`} icon={<FileCode2 aria-hidden />}>
                {t("script.link")}
              </LinkButton>
            )}
            {edits && !source.archivedAt && (
              <LinkButton href={`/sources/${id}/fields`} icon={<Waypoints aria-hidden />}>
                {t("dialect.link")}
              </LinkButton>
            )}
            {edits && (
              <LinkButton href={`/sources/${id}/edit`} icon={<Pencil aria-hidden />}>
                {t("edit")}
              </LinkButton>
            )}
            {edits &&
              (source.archivedAt ? <RestoreSource id={id} /> : <ArchiveSource id={id} name={source.name} />)}
            {syncs && source.url && <SyncButton id={id} busy={busy} />}
          </>
        }
      />
      {problem && (
        <Alert tone="bad" className="mb-6">
          {t(`errors.${problem}`)}
        </Alert>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card title={t("runs.title")} flush>
          <RunsTable runs={runs.slice(0, 20)} />
          {runs.length > 20 && <Pager nextHref={`/sources/${id}?before=${runs[19]?.id}`} />}
        </Card>
        <div className="flex min-w-0 flex-col gap-6">
          {syncs && <UploadCard id={id} busy={busy} />}
          <SourceSettings source={source} />
          {may(user.role, "contacts.export") && <CorrectionsCard id={id} />}
          <FormatCard />
        </div>
      </div>
    </>
  );
}
