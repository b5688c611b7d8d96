import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import type { campaignStatuses } from "#lib/letters/campaigns/schema";
import { Badge } from "#ui/badge";

type Status = (typeof campaignStatuses)[number];

const tones: Record<Status, ComponentProps<typeof Badge>["tone"]> = {
  draft: "neutral",
  scheduled: "info",
  sending: "brand",
  paused: "warn",
  sent: "good",
  cancelled: "bad",
};

/** `missed`: scheduled, but its hour passed and somebody must decide. */
export function StatusBadge({ status, missed }: { status: Status; missed?: boolean }) {
  const t = useTranslations("campaigns");
  if (missed)
    return (
      <Badge tone="warn" dot>
        {t("missed.badge")}
      </Badge>
    );
  return (
    <Badge tone={tones[status]} dot>
      {t(`status.${status}`)}
    </Badge>
  );
}
