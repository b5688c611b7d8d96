import { getFormatter, getTranslations } from "next-intl/server";
import type { CampaignDetail } from "#lib/letters/campaigns/queries";
import { Alert } from "#ui/alert";

/** One sentence on where the campaign stands, and since when. */
export async function State({ campaign, soon }: { campaign: CampaignDetail; soon: boolean }) {
  const t = await getTranslations("campaigns.page");
  const format = await getFormatter();
  const at = (date: Date) => format.dateTime(date, { dateStyle: "full", timeStyle: "short" });
  const { status, scheduledFor, launchedAt, finishedAt, cancelledAt } = campaign;
  if (campaign.missedAt) return null;
  if (status === "scheduled" && scheduledFor)
    return <Alert tone="info">{soon ? t("starting") : t("scheduledFor", { at: at(scheduledFor) })}</Alert>;
  const said = [
    launchedAt && t("launchedAt", { at: at(launchedAt) }),
    cancelledAt && t("cancelledAt", { at: at(cancelledAt) }),
    finishedAt && t("finishedAt", { at: at(finishedAt) }),
  ].filter((sentence) => typeof sentence === "string");
  return said.length > 0 && <p className="text-soft">{said.join(" · ")}</p>;
}
