import { Ban, Send } from "lucide-react";
import { getFormatter, getTranslations } from "next-intl/server";
import { type CampaignDetail, findAudience } from "#lib/letters/campaigns/queries";
import { typedLine } from "#lib/letters/campaigns/show";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { cancel, launch } from "../actions";
import { Schedule } from "./review/schedule";

/** Its hour passed while nothing could leave: what was to be said then may be wrong today, so a person decides. */
export async function Missed({ campaign, decides }: { campaign: CampaignDetail; decides: boolean }) {
  const t = await getTranslations("campaigns.missed");
  const format = await getFormatter();
  const at = format.dateTime(campaign.scheduledFor ?? new Date(), { dateStyle: "full", timeStyle: "short" });
  return (
    <>
      <Alert tone="warn" title={t("title")}>
        {t("text", { at })} {decides ? t("decide") : t("wait")}
      </Alert>
      {decides && <Choices campaign={campaign} />}
    </>
  );
}

async function Choices({ campaign }: { campaign: CampaignDetail }) {
  const [t, review] = [await getTranslations("campaigns.missed"), await getTranslations("campaigns.review")];
  const seen = (await findAudience(campaign))?.recipients ?? 0;
  const count = { count: seen, formatted: (await getFormatter()).number(seen) };
  const sender = campaign.identity?.displayName ?? "";
  return (
    <Card title={t("choices")}>
      <div className="flex flex-col gap-5">
        <div className="flex flex-wrap gap-3">
          <ConfirmDialog
            trigger={{ label: review("launchNow"), icon: <Send aria-hidden />, variant: "primary" }}
            title={review("launchTitle", { subject: typedLine(campaign.subject) })}
            consequence={review("launchConsequence", { ...count, sender })}
            confirmLabel={review("launchTo", count)}
            action={launch}
            fields={{ id: campaign.id, seen }}
            namespace="campaigns"
            done={review("launched")}
          />
          <ConfirmDialog
            trigger={{ label: t("giveUp"), icon: <Ban aria-hidden /> }}
            title={t("giveUpTitle")}
            consequence={t("giveUpConsequence")}
            confirmLabel={t("giveUp")}
            action={cancel}
            fields={{ id: campaign.id }}
            namespace="campaigns"
            done={t("givenUp")}
            tone="danger"
          />
        </div>
        <Schedule id={campaign.id} seen={seen} />
      </div>
    </Card>
  );
}
