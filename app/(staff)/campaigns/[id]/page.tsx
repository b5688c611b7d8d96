import { notFound, redirect } from "next/navigation";
import { getFormatter, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { type Funnel, handedOver } from "#lib/letters/campaigns/funnel";
import { findCampaignLive } from "#lib/letters/campaigns/live";
import { type CampaignDetail, findCampaign, getFunnel, listLinkClicks } from "#lib/letters/campaigns/queries";
import { waitingReason } from "#lib/letters/campaigns/waiting";
import { idOf } from "#lib/machine/asked";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { Progress } from "#ui/progress";
import { LiveRefresh } from "../../_live/live-refresh";
import { Why } from "../../_live/why";
import { Clicks, Figures } from "./figures";
import { FunnelCard } from "./funnel";
import { Heading } from "./heading";
import { Live } from "./live";
import { Missed } from "./missed";
import { Held, PutBack } from "./put-back";
import { Replies } from "./replies";
import { State } from "./state";
import { Unknown } from "./unknown";

type Props = { params: Promise<{ id: string }> };

export default async function CampaignPage({ params }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("campaigns.read", `/campaigns/${id}`);
  const campaign = await findCampaign(id);
  if (!campaign) notFound();
  const draft = campaign.status === "draft" && !campaign.archivedAt;
  if (draft)
    redirect(may(user.role, "campaigns.edit") ? `/campaigns/${id}/compose` : `/campaigns/${id}/message`);
  const t = await getTranslations("campaigns.page");
  const underWay = campaign.status === "sending" || campaign.status === "paused";
  const givenUp = campaign.status === "cancelled";
  const [funnel, live] = await Promise.all([getFunnel(id), underWay ? findCampaignLive(id) : null]);
  const now = live?.relay?.now ?? new Date();
  const soon =
    campaign.scheduledFor !== null &&
    !campaign.missedAt &&
    campaign.scheduledFor.getTime() < Date.now() + 60_000;
  return (
    <>
      {(underWay || soon || (givenUp && !campaign.finishedAt)) && <LiveRefresh />}
      <Heading campaign={campaign} user={user} view="follow" />
      <PutBack reason={campaign.status === "draft" || campaign.missedAt ? campaign.pauseReason : null} />
      <div className="flex flex-col gap-5">
        <State campaign={campaign} soon={soon} />
        {givenUp && <Held reason={campaign.pauseReason} />}
        {campaign.missedAt && <Missed campaign={campaign} decides={may(user.role, "campaigns.send")} />}
        {live && <Why reason={waitingReason(live.facts)} now={now} toRelay={may(user.role, "relays.read")} />}
        {campaign.launchedAt && (
          <>
            <Advance campaign={campaign} funnel={funnel} />
            {live && <Live live={live} now={now} />}
            <Unknown id={id} count={funnel.unknown} settles={may(user.role, "deliveries.settle")} />
            <Figures id={id} funnel={funnel} />
            <Replies id={id} user={user} replied={funnel.replied} />
            <div className="grid items-start gap-5 lg:grid-cols-2">
              <FunnelCard id={id} funnel={funnel} />
              <Clicks links={await listLinkClicks(id)} />
            </div>
          </>
        )}
        {!campaign.launchedAt && givenUp && <Alert>{t("cancelled")}</Alert>}
      </div>
    </>
  );
}

async function Advance({ campaign, funnel }: { campaign: CampaignDetail; funnel: Funnel }) {
  const t = await getTranslations("campaigns.page");
  const format = await getFormatter();
  const done = handedOver(funnel);
  return (
    <Card>
      <Progress
        label={t("progress")}
        value={done}
        max={funnel.recipients}
        text={t("progressText", { done: format.number(done), total: format.number(funnel.recipients) })}
        tone={campaign.status === "paused" ? "warn" : campaign.status === "sent" ? "good" : "brand"}
      />
    </Card>
  );
}
