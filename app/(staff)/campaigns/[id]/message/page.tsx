import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { getHouse } from "#lib/department/settings/house";
import { gate } from "#lib/gates/session";
import { composeCampaign } from "#lib/letters/campaigns/content";
import { findCampaign, findSentContent } from "#lib/letters/campaigns/queries";
import { personalised, seenBy, typedLine } from "#lib/letters/campaigns/show";
import { idOf } from "#lib/machine/asked";
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
  const shown = (await findSentContent(id)) ?? (await composeCampaign(campaign, house));
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
