import { notFound, redirect } from "next/navigation";
import { getFormatter, getTranslations } from "next-intl/server";
import { findCampaignLive } from "#lib/campaigns/live";
import { type CampaignDetail, findCampaign, getTotals, listLinkClicks } from "#lib/campaigns/queries";
import type { Totals } from "#lib/campaigns/rules";
import { waitingReason } from "#lib/campaigns/waiting";
import { may } from "#lib/permissions";
import { gate } from "#lib/session";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { Progress } from "#ui/progress";
import { LiveRefresh } from "../../_live/live-refresh";
import { Why } from "../../_live/why";
import { Exclusions } from "./exclusions";
import { Clicks, Figures, Outcomes } from "./figures";
import { Heading } from "./heading";
import { Live } from "./live";
import { PutBack } from "./put-back";
import { State } from "./state";
import { Unknown } from "./unknown";

type Props = { params: Promise<{ id: string }> };

export default async function CampaignPage({ params }: Props) {
  const id = Number((await params).id);
  const user = await gate("campaigns.read", `/campaigns/${id}`);
  const campaign = Number.isInteger(id) ? await findCampaign(id) : null;
  if (!campaign) notFound();
  const draft = campaign.status === "draft" && !campaign.archivedAt;
  if (draft)
    redirect(may(user.role, "campaigns.edit") ? `/campaigns/${id}/compose` : `/campaigns/${id}/message`);
  const t = await getTranslations("campaigns.page");
  const underWay = campaign.status === "sending" || campaign.status === "paused";
  const [totals, live] = await Promise.all([getTotals(id), underWay ? findCampaignLive(id) : null]);
  const now = live?.relay?.now ?? new Date();
  const soon = campaign.scheduledFor !== null && campaign.scheduledFor.getTime() < Date.now() + 60_000;
  return (
    <>
      {(underWay || soon) && <LiveRefresh />}
      <Heading campaign={campaign} user={user} view="follow" />
      <PutBack reason={campaign.status === "draft" ? campaign.pauseReason : null} />
      <div className="flex flex-col gap-5">
        <State campaign={campaign} soon={soon} />
        {live && <Why reason={waitingReason(live.facts)} now={now} toRelay={may(user.role, "relays.read")} />}
        {campaign.launchedAt && (
          <>
            <Advance campaign={campaign} totals={totals} />
            {live && <Live live={live} now={now} />}
            <Unknown id={id} count={totals.unknown} settles={may(user.role, "deliveries.settle")} />
            <Figures id={id} totals={totals} />
            <div className="grid items-start gap-5 lg:grid-cols-2">
              <Outcomes id={id} totals={totals} />
              <Card title={t("excluded")} description={t("excludedNote")} flush>
                <Excluded campaign={campaign} totals={totals} />
              </Card>
            </div>
            <Clicks links={await listLinkClicks(id)} />
          </>
        )}
        {!campaign.launchedAt && campaign.status === "cancelled" && <Alert>{t("cancelled")}</Alert>}
      </div>
    </>
  );
}

async function Advance({ campaign, totals }: { campaign: CampaignDetail; totals: Totals }) {
  const t = await getTranslations("campaigns.page");
  const format = await getFormatter();
  const done = totals.sent + totals.failed;
  const total = done + totals.queued + totals.sending + totals.unknown;
  return (
    <Card>
      <Progress
        label={t("progress")}
        value={done}
        max={total}
        text={t("progressText", { done: format.number(done), total: format.number(total) })}
        tone={campaign.status === "paused" ? "warn" : campaign.status === "sent" ? "good" : "brand"}
      />
    </Card>
  );
}

/** Those of the launch, and whoever was set aside since: suppressed or archived before their turn came. */
async function Excluded({ campaign, totals }: { campaign: CampaignDetail; totals: Totals }) {
  const t = await getTranslations("campaigns.page");
  const { noAddress = 0, ...counted } = campaign.exclusions;
  const frozen = Object.values(counted).reduce((sum, n) => sum + n, 0);
  const later = Math.max(0, totals.skipped - frozen);
  if (later + frozen + noAddress === 0) return <p className="px-5 pb-5 text-soft">{t("noneExcluded")}</p>;
  return <Exclusions exclusions={{ ...campaign.exclusions, later }} caption={t("excludedCaption")} />;
}
