import { ArrowRight } from "lucide-react";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { getHouse } from "#lib/department/settings/house";
import { gate } from "#lib/gates/session";
import { composeCampaign } from "#lib/letters/campaigns/content";
import { findCampaign, findSample } from "#lib/letters/campaigns/queries";
import { missingParts } from "#lib/letters/campaigns/rules";
import { personalised, seenBy } from "#lib/letters/campaigns/show";
import { idOf } from "#lib/machine/asked";
import { previewSegment } from "#lib/people/segments/queries";
import { criteriaSchema } from "#lib/people/segments/schema";
import { Button } from "#ui/button";
import { Card } from "#ui/card";
import { Filters } from "#ui/filters";
import { PageHeader } from "#ui/page-header";
import { Select } from "#ui/select";
import { Findings } from "../../findings";
import { Preview } from "../../preview";
import { StatusBadge } from "../../status-badge";
import { PutBack } from "../put-back";
import { Composer } from "./composer";
import { Panes } from "./panes";
import { TestDialog } from "./test-dialog";
import { WhoFields } from "./who-fields";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function ComposePage({ params, searchParams }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("campaigns.edit", `/campaigns/${id}/compose`);
  const campaign = await findCampaign(id);
  if (!campaign) notFound();
  if (campaign.status !== "draft" || campaign.archivedAt) redirect(`/campaigns/${id}`);
  const wanted = idOf((await searchParams).sample);
  const house = await getHouse();
  const [composed, sample, samples] = await Promise.all([
    composeCampaign(campaign, house),
    wanted === null ? null : findSample(wanted, campaign.topicId),
    campaign.segment ? previewSegment(criteriaSchema.parse(campaign.segment.criteria)) : [],
  ]);
  const seen = seenBy(sample, campaign.topic, house);
  const t = await getTranslations("campaigns");
  const { identity } = campaign;
  return (
    <>
      <PageHeader
        title={campaign.name || t("untitled")}
        breadcrumbs={[{ label: t("title"), href: "/campaigns" }]}
        aside={<StatusBadge status={campaign.status} />}
        actions={
          <>
            <TestDialog id={id} sampleId={wanted} email={user.email} />
            <Button
              type="submit"
              form="composer"
              name="intent"
              value="review"
              variant="primary"
              icon={<ArrowRight aria-hidden />}
            >
              {t("compose.review")}
            </Button>
          </>
        }
      />
      <PutBack reason={campaign.pauseReason} />
      <Panes
        label={t("compose.panes")}
        labels={{ write: t("compose.write"), preview: t("preview.title") }}
        write={
          <Composer key={id} draft={campaign}>
            <WhoFields campaign={campaign} />
          </Composer>
        }
        preview={
          <>
            <Card title={t("preview.title")}>
              <div className="flex flex-col gap-4">
                <Filters label={t("preview.title")}>
                  <Select
                    name="sample"
                    label={t("preview.sample")}
                    placeholder={t("preview.unknown")}
                    defaultValue={sample && wanted ? String(wanted) : ""}
                    options={samples.map(({ id, firstName, lastName }) => ({
                      value: String(id),
                      label: `${firstName} ${lastName}`.trim(),
                    }))}
                    className="w-full"
                  />
                </Filters>
                <Preview
                  html={personalised(composed.html, seen, "html")}
                  text={personalised(composed.text, seen, "text")}
                  subject={personalised(composed.subject, seen, "header")}
                  preheader={personalised(composed.preheader, seen, "header")}
                  from={identity && `${identity.displayName} <${identity.address}>`}
                />
              </div>
            </Card>
            <Card title={t("findings.title")}>
              <Findings findings={composed.findings} missing={missingParts(campaign, house.publicUrl)} />
            </Card>
          </>
        }
      />
    </>
  );
}
