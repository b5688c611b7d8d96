import { Check, X } from "lucide-react";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { idOf } from "#lib/machine/asked";
import { formatNumber } from "#lib/machine/format";
import { countDecided, sorts } from "#lib/people/change-sets/decide";
import { type ChangeSet, listChanges, type Shown } from "#lib/people/change-sets/queries";
import { findSuccessor, type RunDetail } from "#lib/sites/sources/queries";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Pager } from "#ui/pager";
import { TabLinks } from "#ui/tab-links";
import { applyDecision, decide } from "../../actions";
import { ChangesTable } from "./changes-table";
import { columnOf } from "./field-column";
import { FieldLinks } from "./field-links";

type Search = { show?: string; field?: string; from?: string };
type Props = { set: ChangeSet; run: RunDetail; search: Search; decides: boolean };

/** What a run proposes, before any of it is written: by sort, by field, person by person. */
export async function Review({ set, run, search, decides }: Props) {
  const t = await getTranslations("sources.review");
  const waits = set.status === "waiting";
  return (
    <>
      <Band set={set} run={run} />
      {waits && decides && <Acts set={set} runId={run.id} />}
      <Proposed set={set} runId={run.id} search={search} decides={waits && decides} title={t("title")} />
    </>
  );
}

/** Why it waits, or what became of it. */
async function Band({ set, run }: { set: ChangeSet; run: RunDetail }) {
  const t = await getTranslations("sources.review");
  const next = set.status === "waiting" ? null : await findSuccessor(run);
  const { created, updated, archived, questions, stale } = set;
  return (
    <Alert tone={set.status === "waiting" ? "warn" : "info"} title={t(`state.${set.status as "waiting"}`)}>
      <p>{t("summary", { created, updated, archived, questions })}</p>
      {set.status === "waiting" && run.status === "held" && (
        <ul className="mt-1 list-disc ps-5">
          {run.heldFor.map(({ guard, count, limit }) => (
            <li key={guard}>{t(`guards.${guard}`, { count, limit })}</li>
          ))}
        </ul>
      )}
      {set.status === "waiting" && run.status === "succeeded" && <p className="mt-1">{t("restWritten")}</p>}
      {set.status === "decided" && stale > 0 && <p className="mt-1">{t("stale", { count: stale })}</p>}
      {next && (
        <p className="mt-1">
          <Link href={`/sources/runs/${next}`} className="text-brand-text underline">
            {t(run.status === "superseded" || set.status === "superseded" ? "newer" : "carriedOut")}
          </Link>
        </p>
      )}
    </Alert>
  );
}

async function Acts({ set, runId }: { set: ChangeSet; runId: number }) {
  const t = await getTranslations("sources.review");
  const { accepted, refused, open } = await countDecided(set.id);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <ConfirmDialog
        trigger={{ label: t("apply", { count: accepted }), icon: <Check aria-hidden />, variant: "primary" }}
        title={t("applyTitle")}
        consequence={t("applyText", { accepted, refused, open })}
        confirmLabel={t("confirm")}
        action={applyDecision}
        fields={{ id: runId }}
        namespace="sources"
      />
      <Choice label={t("acceptAll")} fields={{ id: runId, accepted: "true" }} />
      <Choice label={t("refuseAll")} fields={{ id: runId, accepted: "false" }} />
      <p className="text-sm text-soft">{t("counts", { accepted, refused, open })}</p>
    </div>
  );
}

const Choice = ({ label, fields }: { label: string; fields: Record<string, string | number> }) => (
  <ActionButton
    action={decide}
    fields={fields}
    namespace="sources"
    size="sm"
    icon={fields.accepted === "true" ? <Check aria-hidden /> : <X aria-hidden />}
  >
    {label}
  </ActionButton>
);

type Listed = { set: ChangeSet; runId: number; search: Search; decides: boolean; title: string };

async function Proposed({ set, runId, search, decides, title }: Listed) {
  const [t, c, locale] = [
    await getTranslations("sources.review"),
    await getTranslations("contacts"),
    await getLocale(),
  ];
  const counts = set.fields as Record<string, number>;
  const show = sorts.find((known) => known === search.show);
  const field = Object.keys(counts).find((known) => known === search.field);
  const rows = await listChanges(set.id, { show, field, after: idOf(search.from) ?? 0 });
  const path = (to: { show?: Shown; field?: string; from?: number }) =>
    `/sources/runs/${runId}?${new URLSearchParams(Object.entries(to).flatMap(([key, value]) => (value ? [[key, String(value)]] : [])))}`;
  const size = {
    question: set.questions,
    created: set.created,
    updated: set.updated,
    archived: set.archived,
  };
  const all = set.questions + set.created + set.updated + set.archived;
  const tabs = [
    { key: undefined, count: all },
    ...sorts.map((key) => ({ key, count: size[key] })).filter(({ count }) => count > 0),
  ];
  return (
    <Card title={title} flush>
      <div className="px-5">
        <TabLinks
          label={t("views")}
          links={tabs.map(({ key, count }) => ({
            href: path({ show: key }),
            label: t(`sorts.${key ?? "all"}`),
            count: formatNumber(count, locale),
            current: !field && show === key,
          }))}
        />
        <FieldLinks
          label={t("fields")}
          counts={counts}
          current={field}
          hrefOf={(key) => path({ field: key })}
        />
        {decides && (show || field) && (
          <div className="mb-4 flex flex-wrap gap-3">
            {[true, false].map((accepted) => (
              <Choice
                key={String(accepted)}
                label={t(accepted ? "acceptThese" : "refuseThese", {
                  what: field ? c(`fields.${columnOf(field)}`) : t(`sorts.${show ?? "all"}`),
                })}
                fields={{
                  id: runId,
                  accepted: String(accepted),
                  ...(field ? { field } : { sort: show ?? "" }),
                }}
              />
            ))}
          </div>
        )}
      </div>
      <ChangesTable
        rows={rows.slice(0, 50)}
        gone={rows.length === 0 && !search.from && (show ? size[show] : all) > 0}
        deciding={decides ? runId : undefined}
        proposal
      />
      {rows.length > 50 && <Pager nextHref={path({ show, field, from: rows[49]?.id })} />}
    </Card>
  );
}
