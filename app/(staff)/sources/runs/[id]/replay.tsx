import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { replay } from "../../actions";

/** The run's file is still kept: it can be read once more, and what it would change waits for a decision. */
export function Replay({ runId }: { runId: number }) {
  const t = useTranslations("sources.replay");
  return (
    <div>
      <ConfirmDialog
        trigger={{ label: t("label"), icon: <History aria-hidden />, size: "sm" }}
        title={t("title")}
        consequence={t("text")}
        confirmLabel={t("confirm")}
        action={replay}
        fields={{ id: runId }}
        namespace="sources"
      />
    </div>
  );
}
