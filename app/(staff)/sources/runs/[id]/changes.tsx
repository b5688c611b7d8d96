import { getLocale, getTranslations } from "next-intl/server";
import { idOf } from "#lib/machine/asked";
import { formatNumber } from "#lib/machine/format";
import { isUndoable } from "#lib/people/change-sets/mutations";
import { type ChangeSet, listChanges, type Shown } from "#lib/people/change-sets/queries";
import { Card } from "#ui/card";
import { Pager } from "#ui/pager";
import { TabLinks } from "#ui/tab-links";
import { ChangesTable } from "./changes-table";
import { FieldLinks } from "./field-links";
import { UndoButton } from "./undo";

type Search = { show?: string; field?: string; from?: string };

/** What a run changed, person by person: by sort, then by field. */
export async function Changes({ set, runId, search }: { set: ChangeSet; runId: number; search: Search }) {
  const [t, locale] = [await getTranslations("sources"), await getLocale()];
  // Who is put away is no field of theirs.
  const { archivedAt: _, ...counts } = set.fields as Record<string, number>;
  const show = (["created", "updated", "stale"] as const).find((known) => known === search.show);
  const field = Object.keys(counts).find((known) => known === search.field);
  const rows = await listChanges(set.id, { show, field, after: idOf(search.from) ?? 0 });
  const path = (to: { show?: Shown; field?: string; from?: number }) =>
    `/sources/runs/${runId}?${new URLSearchParams(Object.entries(to).flatMap(([key, value]) => (value ? [[key, String(value)]] : [])))}`;
  const tab = (key: "created" | "updated" | "stale" | "all", count: number) => ({
    href: path({ show: key === "all" ? undefined : key }),
    label: t(`changes.${key}`),
    count: formatNumber(count, locale),
    current: !field && (show ?? "all") === key,
  });
  const all = set.created + set.updated;
  return (
    <Card
      title={t("changes.title")}
      flush
      actions={isUndoable(set) && rows.length > 0 && <UndoButton set={set} runId={runId} />}
    >
      <div className="px-5">
        <TabLinks
          label={t("changes.views")}
          links={[
            tab("all", all),
            tab("created", set.created),
            tab("updated", set.updated),
            ...(set.stale > 0 ? [tab("stale", set.stale)] : []),
          ]}
        />
        <FieldLinks
          label={t("changes.fields")}
          counts={counts}
          current={field}
          hrefOf={(key) => path({ field: key })}
        />
      </div>
      <ChangesTable
        rows={rows.slice(0, 50)}
        gone={rows.length === 0 && !search.from && (show ? set[show] : all) > 0}
      />
      {rows.length > 50 && <Pager nextHref={path({ show, field, from: rows[49]?.id })} />}
    </Card>
  );
}
