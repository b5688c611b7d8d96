import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import type { campaignStatuses } from "#lib/campaigns/schema";
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

export function StatusBadge({ status }: { status: Status }) {
  const t = useTranslations("campaigns");
  return (
    <Badge tone={tones[status]} dot>
      {t(`status.${status}`)}
    </Badge>
  );
}
