import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { formatDateTime } from "#lib/machine/format";
import { findChangeSet } from "#lib/people/change-sets/queries";
import { findRun, listRowErrors, progressOf } from "#lib/sites/sources/queries";
import { PageHeader } from "#ui/page-header";
import { isOpen, RunStatus } from "../../status";
import { Changes } from "./changes";
import { RowErrors } from "./errors";
import { RunFigures } from "./figures";
import { Live } from "./live";
import { Refusal } from "./refusal";
import { Replay } from "./replay";
import { Review } from "./review";
import { UndoState } from "./undo";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ after?: string; show?: string; field?: string; from?: string }>;
};

export default async function RunPage({ params, searchParams }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("sources.read", `/sources/runs/${id}`);
  const [t, locale, run] = [await getTranslations("sources"), await getLocale(), await findRun(id)];
  if (!run) notFound();
  const search = await searchParams;
  const set = run.changeSetId === null ? null : await findChangeSet(run.changeSetId);
  const proposal = run.proposalId === null ? null : await findChangeSet(run.proposalId);
  const errors = await listRowErrors(id, idOf(search.after) ?? 0);
  const written = run.status === "succeeded" || run.status === "failed";
  const facts = [
    t(`origin.${run.origin as "pull"}`),
    run.upload && t("run.file", { name: run.upload.name }),
    run.user && t("run.by", { name: run.user.name }),
    run.status === "succeeded" && run.origin === "pull" && run.bytesRead === 0 && t("run.unchanged"),
    run.attempts > 1 && t("run.attempt", { n: run.attempts }),
  ];
  return (
    <>
      <PageHeader
        title={t("run.title", { date: formatDateTime(run.createdAt, locale) })}
        breadcrumbs={[
          { label: t("title"), href: "/sources" },
          { label: run.source.name, href: `/sources/${run.source.id}` },
        ]}
        aside={<RunStatus status={run.status} />}
        lead={facts.filter(Boolean).join(" · ")}
      />
      <div className="flex flex-col gap-6">
        {isOpen(run.status) && (
          <Live id={id} first={progressOf(run)} stops={may(user.role, "sources.sync")} />
        )}
        {run.status === "failed" && <Refusal run={run} />}
        {!isOpen(run.status) && (
          <>
            {proposal && (
              <Review set={proposal} run={run} search={search} decides={may(user.role, "sources.sync")} />
            )}
            {written && <RunFigures run={run} />}
            {set && <UndoState set={set} />}
            {set && <Changes set={set} runId={id} search={search} />}
            {run.kept && !isOpen(run.status) && run.status !== "held" && may(user.role, "sources.sync") && (
              <Replay runId={id} />
            )}
            {(run.status === "succeeded" || errors.length > 0) && <RowErrors run={run} errors={errors} />}
          </>
        )}
      </div>
    </>
  );
}
