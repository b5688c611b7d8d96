import { Undo2 } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { ChangeSet } from "#lib/people/change-sets/queries";
import { Alert } from "#ui/alert";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { undo } from "../../actions";
import { Again } from "./again";

/** Whether a run can be, is being or was undone, and what came of it. */
export function UndoState({ set }: { set: ChangeSet }) {
  const t = useTranslations("sources");
  const locale = useLocale();
  if (set.status === "applied") return null;
  if (set.status === "undoing")
    return (
      <Alert tone="info">
        <Again />
        {t("undo.running", {
          done: set.restored + set.removed + set.putAway,
          total: set.created + set.updated,
        })}
      </Alert>
    );
  const { restored, removed, putAway, stale } = set;
  return (
    <Alert tone={stale > 0 ? "warn" : "good"} title={t("undo.done")}>
      <p>{t("undo.outcome", { restored, removed, putAway, stale })}</p>
      {set.undoUser && set.undoneAt && (
        <p className="mt-1 text-soft">
          {t("undo.by", { name: set.undoUser.name, date: formatDateTime(set.undoneAt, locale) })}
        </p>
      )}
    </Alert>
  );
}

export function UndoButton({ set, runId }: { set: ChangeSet; runId: number }) {
  const t = useTranslations("sources");
  return (
    <ConfirmDialog
      trigger={{ label: t("undo.label"), icon: <Undo2 aria-hidden />, size: "sm" }}
      title={t("undo.title")}
      consequence={t("undo.text", { created: set.created, updated: set.updated })}
      confirmLabel={t("undo.confirm")}
      keepLabel={t("undo.keep")}
      action={undo}
      fields={{ id: runId }}
      namespace="sources"
      tone="danger"
    />
  );
}
