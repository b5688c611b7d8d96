import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import type { OutcomeRow } from "#lib/letters/campaigns/outcomes";
import { Badge } from "#ui/badge";
import { useStopReason } from "../stop-reason";

type Tone = ComponentProps<typeof Badge>["tone"];

const tones: Record<OutcomeRow["status"], Tone> = {
  queued: "neutral",
  sending: "brand",
  unknown: "warn",
  sent: "good",
  failed: "bad",
  skipped: "neutral",
};

/** The state of one delivery, why, and what came back. */
export function Detail({ row }: { row: OutcomeRow }) {
  const t = useTranslations("campaigns.list");
  const say = useStopReason();
  const bounce =
    row.bounce === "hard" ? "bounceHard" : row.bounce === "soft" ? "bounceSoft" : "bounceUnknown";
  return (
    <span className="flex flex-col items-start gap-1">
      <span className="flex flex-wrap gap-1.5">
        <Badge tone={tones[row.status]} dot>
          {t(`state.${row.status}`)}
        </Badge>
        {row.bouncedAt && <Badge tone={row.bounce === "hard" ? "bad" : "warn"}>{t(bounce)}</Badge>}
        {row.repliedAt && <Badge tone="brand">{t("hasReplied")}</Badge>}
        {row.unsubscribedAt && <Badge tone="warn">{t("hasUnsubscribed")}</Badge>}
      </span>
      {row.reason && row.status !== "sent" && (
        <span className="text-[0.8125rem] text-faint">{say(row.reason)}</span>
      )}
    </span>
  );
}
