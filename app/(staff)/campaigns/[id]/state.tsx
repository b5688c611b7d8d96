import { getFormatter, getTranslations } from "next-intl/server";
import type { CampaignDetail } from "#lib/campaigns/queries";
import { Alert } from "#ui/alert";
import { useStopReason } from "./stop-reason";

/** One sentence on where the campaign stands, and since when. */
export async function State({ campaign, soon }: { campaign: CampaignDetail; soon: boolean }) {
  const t = await getTranslations("campaigns.page");
  const format = await getFormatter();
  const at = (date: Date) => format.dateTime(date, { dateStyle: "full", timeStyle: "short" });
  const { status, scheduledFor, launchedAt, finishedAt, cancelledAt } = campaign;
  if (status === "scheduled" && scheduledFor)
    return <Alert tone="info">{soon ? t("starting") : t("scheduledFor", { at: at(scheduledFor) })}</Alert>;
  if (status === "paused") return <Paused reason={campaign.pauseReason} />;
  const said = [
    launchedAt && t("launchedAt", { at: at(launchedAt) }),
    finishedAt && t("finishedAt", { at: at(finishedAt) }),
    cancelledAt && t("cancelledAt", { at: at(cancelledAt) }),
  ].filter((sentence) => typeof sentence === "string");
  return said.length > 0 && <p className="text-soft">{said.join(" · ")}</p>;
}

async function Paused({ reason }: { reason: string | null }) {
  const t = await getTranslations("campaigns.page");
  return <Alert tone="warn">{reason ? <Stopped reason={reason} /> : t("pausedText")}</Alert>;
}

function Stopped({ reason }: { reason: string }) {
  return <StoppedSentence reason={useStopReason()(reason)} />;
}

async function StoppedSentence({ reason }: { reason: string }) {
  const t = await getTranslations("campaigns.page");
  return t("stopped", { reason });
}
