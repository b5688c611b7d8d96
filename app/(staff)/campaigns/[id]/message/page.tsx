import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { idOf } from "#lib/asked";
import { compose } from "#lib/campaigns/content";
import { findCampaign, findSentContent } from "#lib/campaigns/queries";
import { personalised, seenBy, typedLine } from "#lib/campaigns/show";
import { gate } from "#lib/session";
import { getHouse } from "#lib/settings/house";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { Preview } from "../../preview";
import { Heading } from "../heading";

type Props = { params: Promise<{ id: string }> };

/** The message as it was frozen at launch; before, as it stands. */
export default async function MessagePage({ params }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("campaigns.read", `/campaigns/${id}/message`);
  const campaign = await findCampaign(id);
  if (!campaign) notFound();
  const t = await getTranslations("campaigns.page");
  const house = await getHouse();
  const shown = (await findSentContent(id)) ?? (await compose(campaign, house));
  const seen = seenBy(null, campaign.topic, house);
  const { identity, preheader } = campaign;
  return (
    <>
      <Heading campaign={campaign} user={user} view="message" />
      {campaign.status === "draft" && <Alert className="mb-5">{t("readOnlyDraft")}</Alert>}
      <Card>
        <Preview
          tall
          html={personalised(shown.html, seen, "html")}
          text={personalised(shown.text, seen, "text")}
          subject={personalised(shown.subject, null, "header")}
          preheader={typedLine(preheader)}
          from={identity && `${identity.displayName} <${identity.address}>`}
        />
      </Card>
    </>
  );
}
