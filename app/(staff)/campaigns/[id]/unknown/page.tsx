import { Download } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { findCampaign } from "#lib/letters/campaigns/queries";
import { countUnknown, listUnknown } from "#lib/letters/deliveries/queries";
import { idOf } from "#lib/machine/asked";
import { Alert } from "#ui/alert";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Decisions } from "../../../_unknown/decisions";
import { UnknownList } from "../../../_unknown/list";
import { settle } from "../../actions";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** What is known of the deliveries nobody heard back about, and what to do with them. */
export default async function UnknownPage({ params, searchParams }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("campaigns.read", `/campaigns/${id}/unknown`);
  const campaign = await findCampaign(id);
  if (!campaign) notFound();
  const after = idOf((await searchParams).after) ?? 0;
  const [{ rows, next }, count] = await Promise.all([listUnknown(id, after), countUnknown(id)]);
  const t = await getTranslations("deliveries.unknown");
  const campaigns = await getTranslations("campaigns");
  const settles = may(user.role, "deliveries.settle");
  const here = `/campaigns/${id}/unknown`;
  return (
    <>
      <PageHeader
        title={t("title")}
        breadcrumbs={[
          { label: campaigns("title"), href: "/campaigns" },
          { label: campaign.name || campaigns("untitled"), href: `/campaigns/${id}` },
        ]}
        actions={
          count > 0 && (
            <>
              {may(user.role, "contacts.export") && (
                <LinkButton
                  href={`/campaigns/${id}/export?outcome=unknown`}
                  prefetch={false}
                  icon={<Download aria-hidden />}
                >
                  {campaigns("page.export")}
                </LinkButton>
              )}
              {settles && <Decisions action={settle} fields={{ id }} count={count} />}
            </>
          )
        }
      />
      {count > 0 && (
        <Alert tone="info" className="mb-5">
          {t("lead")}
        </Alert>
      )}
      <UnknownList
        rows={rows}
        settle={settles ? { action: settle, fields: { id } } : null}
        previousHref={after > 0 ? here : null}
        nextHref={next === null ? null : `${here}?after=${next}`}
      />
    </>
  );
}
