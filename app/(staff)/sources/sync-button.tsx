import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { ActionButton } from "#ui/action-button";
import { sync } from "./actions";

/** « Synchroniser »: queues a run and leads to it. */
export function SyncButton({ id, busy, size }: { id: number; busy: boolean; size?: "sm" | "md" }) {
  const t = useTranslations("sources");
  return (
    <ActionButton
      action={sync}
      fields={{ id }}
      namespace="sources"
      size={size}
      variant={size === "sm" ? "secondary" : "primary"}
      icon={<RefreshCw aria-hidden />}
      disabled={busy}
    >
      {t("sync")}
    </ActionButton>
  );
}
