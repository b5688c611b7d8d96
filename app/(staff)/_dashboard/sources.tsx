import { RefreshCw } from "lucide-react";
import Link from "next/link";
import { useFormatter, useNow, useTranslations } from "next-intl";
import type { SourceState } from "#lib/office/dashboard/queries";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import type { Tone } from "../../_ui/tone";
import { synchronise } from "./actions";

type Status = NonNullable<SourceState["run"]>["status"];
const tones: Record<Status, Tone> = {
  queued: "info",
  running: "brand",
  succeeded: "good",
  failed: "bad",
  held: "warn",
  decided: "good",
  superseded: "neutral",
};

export function Sources({ sources, maySync }: { sources: SourceState[]; maySync: boolean }) {
  const t = useTranslations("dashboard.sources");
  return (
    <Card
      flush
      title={t("title")}
      description={t("description")}
      actions={
        <LinkButton href="/sources" variant="ghost" size="sm">
          {t("all")}
        </LinkButton>
      }
    >
      {sources.length === 0 ? (
        <p className="px-5 pb-5 text-soft">{t("empty")}</p>
      ) : (
        <ul className="divide-y divide-line border-t border-line">
          {sources.map((source) => (
            <Source key={source.id} source={source} maySync={maySync} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Source({ source: { id, name, remote, run }, maySync }: { source: SourceState; maySync: boolean }) {
  const t = useTranslations("dashboard.sources");
  const reasons = useTranslations("sources.refusal");
  const format = useFormatter();
  const now = useNow();
  const open = run?.status === "queued" || run?.status === "running";
  const failure = `${run?.error}.what` as "timeout.what";
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-5 py-3">
      <div className="min-w-0 flex-1 basis-48">
        <div className="flex flex-wrap items-center gap-2">
          <Link href={`/sources/${id}`} className="rounded font-medium hover:text-brand-text hover:underline">
            {name}
          </Link>
          {run && (
            <Badge tone={tones[run.status]} dot>
              {t(run.status)}
            </Badge>
          )}
        </div>
        <p className="text-sm text-faint">
          {run ? (
            <time
              dateTime={run.at.toISOString()}
              title={format.dateTime(run.at, { dateStyle: "long", timeStyle: "short" })}
            >
              {format.relativeTime(run.at, now)}
            </time>
          ) : (
            t("never")
          )}
        </p>
        {run?.status === "succeeded" && (
          <p className="text-sm text-soft">
            {t("counts", { created: run.created, updated: run.updated, rejected: run.rejected })}
          </p>
        )}
        {run?.status === "failed" && reasons.has(failure) && (
          <p className="text-sm text-soft">{reasons(failure, run.errorData ?? {})}</p>
        )}
      </div>
      {run && open ? (
        <LinkButton href={`/sources/runs/${run.id}`} size="sm">
          {t("follow")}
        </LinkButton>
      ) : (
        maySync &&
        remote && (
          <ActionButton
            action={synchronise}
            fields={{ id }}
            namespace="dashboard"
            done={t("done")}
            size="sm"
            icon={<RefreshCw aria-hidden />}
          >
            {t("sync")}
          </ActionButton>
        )
      )}
    </li>
  );
}
