import { useTranslations } from "next-intl";
import type { SyncRunStatus } from "#db/enums";
import { Badge } from "#ui/badge";

const tones = {
  queued: "neutral",
  running: "info",
  succeeded: "good",
  failed: "bad",
  held: "warn",
  decided: "good",
  superseded: "neutral",
} as const;

export function RunStatus({ status }: { status: SyncRunStatus }) {
  const t = useTranslations("sources");
  return (
    <Badge tone={tones[status]} dot>
      {t(`status.${status}`)}
    </Badge>
  );
}

export const isOpen = (status: SyncRunStatus) => status === "queued" || status === "running";
