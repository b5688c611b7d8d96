import { ArrowLeft, Send } from "lucide-react";
import { notFound, redirect } from "next/navigation";
import { getFormatter, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { getHouse } from "#lib/department/settings/house";
import { gate } from "#lib/gates/session";
import type { Audience } from "#lib/letters/campaigns/audience";
import { type Composed, composeCampaign, hasErrors, modelKey } from "#lib/letters/campaigns/content";
import { foreseeDeparture } from "#lib/letters/campaigns/live";
import { type CampaignDetail, findAudience, findCampaign } from "#lib/letters/campaigns/queries";
import { leavesHere, missingParts } from "#lib/letters/campaigns/rules";
import { personalised, type Seen, seenBy } from "#lib/letters/campaigns/show";
import { listReadAccounts, unreadAddress } from "#lib/letters/relays/replies";
import { idOf } from "#lib/machine/asked";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { DescriptionList } from "#ui/description-list";
import { HouseWords } from "#ui/house-words";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { launch } from "../../actions";
import { Findings } from "../../findings";
import { Preview } from "../../preview";
import { Exclusions } from "../exclusions";
import { Duration } from "./duration";
import { Schedule } from "./schedule";

type Props = { params: Promise<{ id: string }> };

export default async function ReviewPage({ params }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("campaigns.edit", `/campaigns/${id}/review`);
  const campaign = await findCampaign(id);
  if (!campaign) notFound();
  if (campaign.status !== "draft" || campaign.archivedAt) redirect(`/campaigns/${id}`);
  const house = await getHouse();
  const [composed, audience] = await Promise.all([composeCampaign(campaign, house), findAudience(campaign)]);
  const departure =
    campaign.identityId && audience?.recipients
      ? await foreseeDeparture(campaign.identityId, audience.recipients)
      : null;
  const t = await getTranslations("campaigns");
  const missing = missingParts(campaign, house.publicUrl);
  const ready = missing.length === 0 && !hasErrors(composed.findings);
  const back = `/campaigns/${id}/compose`;
  return (
    <>
      <PageHeader
        title={t("review.title")}
        lead={t("review.lead")}
        breadcrumbs={[
          { label: t("title"), href: "/campaigns" },
          { label: campaign.name || t("untitled"), href: back },
        ]}
        actions={
          <LinkButton href={back} icon={<ArrowLeft aria-hidden />}>
            {t("review.back")}
          </LinkButton>
        }
      />
      <div className="flex flex-col gap-5">
        {campaign.identity?.relay.kind === "sandbox" && <Alert tone="info">{t("review.sandbox")}</Alert>}
        {!ready && <Alert tone="warn">{t("review.notReady")}</Alert>}
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-5">
            <AudienceCard audience={audience} id={id} />
            {departure && <Duration departure={departure} />}
            <Facts campaign={campaign} subject={personalised(composed.subject, null, "header")} />
            <Card title={t("findings.title")}>
              <Findings
                findings={[...composed.findings, ...(await repliesLost(campaign))]}
                missing={missing}
                composeHref={back}
              />
            </Card>
            {ready && audience && audience.recipients > 0 && may(user.role, "campaigns.send") && (
              <Departure campaign={campaign} composed={composed} seen={audience.recipients} />
            )}
          </div>
          <Message composed={composed} campaign={campaign} seen={seenBy(null, campaign.topic, house)} />
        </div>
      </div>
    </>
  );
}

/** Said, not forbidden: a colleague may read that mailbox elsewhere. */
async function repliesLost({ identity }: CampaignDetail): Promise<Composed["findings"]> {
  if (!identity || !leavesHere(identity)) return [];
  const address = unreadAddress(identity, await listReadAccounts());
  return address ? [{ level: "warning", code: "repliesUnread", params: { address } }] : [];
}

async function AudienceCard({ audience, id }: { audience: Audience | null; id: number }) {
  const t = await getTranslations("campaigns");
  const format = await getFormatter();
  if (!audience) return null;
  const { recipients, exclusions } = audience;
  const excluded = Object.values(exclusions).reduce((sum, n) => sum + n, 0);
  const said = (count: number) => ({ count, formatted: format.number(count) });
  const time = format.dateTime(new Date(), { hour: "2-digit", minute: "2-digit" });
  return (
    <Card
      title={t("review.audience")}
      description={t("review.asOf", { time })}
      actions={
        <LinkButton href={`/campaigns/${id}/review`} size="sm" prefetch={false}>
          {t("review.recount")}
        </LinkButton>
      }
    >
      <p className="nums font-display text-2xl leading-tight font-semibold">
        {t("review.recipients", said(recipients))}
      </p>
      <p className="mt-3 text-soft">{t("review.excluded", said(excluded))}</p>
      {excluded > 0 && (
        <div className="mt-2 -mx-5">
          <Exclusions exclusions={exclusions} caption={t("review.exclusionsCaption")} />
        </div>
      )}
    </Card>
  );
}

async function Facts({ campaign, subject }: { campaign: CampaignDetail; subject: string }) {
  const t = await getTranslations("campaigns");
  const { identity, segment, topic, model, preheader } = campaign;
  return (
    <Card>
      <DescriptionList
        items={[
          { label: t("review.subject"), value: subject },
          { label: t("review.preheader"), value: preheader },
          { label: t("review.sender"), value: identity && `${identity.displayName} <${identity.address}>` },
          { label: t("review.replyTo"), value: identity?.replyTo },
          { label: t("review.relay"), value: identity?.relay.name },
          { label: t("review.segment"), value: segment?.name },
          { label: t("review.topic"), value: <HouseWords>{topic.name}</HouseWords> },
          { label: t("review.model"), value: t(`models.${modelKey(model)}`) },
        ]}
      />
    </Card>
  );
}

type DepartureProps = { campaign: CampaignDetail; composed: Composed; seen: number };

/** Now, once the exact number has been said and confirmed; or later. */
async function Departure({ campaign, composed, seen }: DepartureProps) {
  const t = await getTranslations("campaigns.review");
  const count = { count: seen, formatted: (await getFormatter()).number(seen) };
  const sender = campaign.identity?.displayName ?? "";
  return (
    <Card>
      <div className="flex flex-col gap-5">
        <div>
          <ConfirmDialog
            trigger={{ label: t("launchNow"), icon: <Send aria-hidden />, variant: "primary" }}
            title={t("launchTitle", { subject: personalised(composed.subject, null, "header") })}
            consequence={t("launchConsequence", { ...count, sender })}
            confirmLabel={t("launchTo", count)}
            action={launch}
            fields={{ id: campaign.id, seen }}
            namespace="campaigns"
            done={t("launched")}
          />
        </div>
        <Schedule id={campaign.id} seen={seen} />
      </div>
    </Card>
  );
}

type MessageProps = { composed: Composed; campaign: CampaignDetail; seen: Seen };

async function Message({ composed, campaign, seen }: MessageProps) {
  const t = await getTranslations("campaigns.review");
  const { identity } = campaign;
  return (
    <Card title={t("message")}>
      <Preview
        tall
        html={personalised(composed.html, seen, "html")}
        text={personalised(composed.text, seen, "text")}
        subject={personalised(composed.subject, null, "header")}
        preheader={personalised(composed.preheader, null, "header")}
        from={identity && `${identity.displayName} <${identity.address}>`}
      />
    </Card>
  );
}
