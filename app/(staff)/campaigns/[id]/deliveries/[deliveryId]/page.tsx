import { notFound } from "next/navigation";
import { getFormatter, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { findOutcome } from "#lib/letters/campaigns/outcomes";
import { findCampaign } from "#lib/letters/campaigns/queries";
import { idOf } from "#lib/machine/asked";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { PageHeader } from "#ui/page-header";
import { ServerWords } from "#ui/server-words";
import { Table } from "#ui/table";
import { NewTask } from "../../../../_tasks/new-task";
import { Reason } from "./reason";

const outcomes = ["sent", "postponed", "failed", "unknown", "requeued", "skipped"] as const;

type Props = { params: Promise<{ id: string; deliveryId: string }> };

/** Each attempt at one delivery, with what the server answered. */
export default async function AttemptsPage({ params }: Props) {
  const { id, deliveryId } = await params;
  const user = await gate("campaigns.read", `/campaigns/${id}/deliveries/${deliveryId}`);
  const numbers = [idOf(id) ?? 0, idOf(deliveryId) ?? 0] as const;
  const [campaign, delivery] = await Promise.all([findCampaign(numbers[0]), findOutcome(...numbers)]);
  if (!campaign || !delivery) notFound();
  const t = await getTranslations("campaigns");
  const format = await getFormatter();
  return (
    <>
      <PageHeader
        title={t("list.attemptsTitle", { address: delivery.address })}
        breadcrumbs={[
          { label: t("title"), href: "/campaigns" },
          { label: campaign.name || t("untitled"), href: `/campaigns/${id}` },
          { label: t("page.deliveries"), href: `/campaigns/${id}/deliveries` },
        ]}
        actions={
          may(user.role, "tasks.edit") && (
            <NewTask
              me={user.id}
              about={{ awaitsId: numbers[1] }}
              title={t("list.remindTitle", { address: delivery.address })}
            />
          )
        }
      />
      <Card flush>
        <Table
          caption={t("list.attemptsCaption")}
          rows={delivery.attemptLog}
          rowKey={({ at, outcome }) => `${at.getTime()}.${outcome}`}
          empty={<EmptyState title={t("list.noAttempt")} />}
          columns={[
            { key: "n", label: t("list.attempt"), heading: true, cell: ({ n }) => n },
            {
              key: "at",
              label: t("list.when"),
              cell: ({ at }) => format.dateTime(at, { dateStyle: "short", timeStyle: "medium" }),
            },
            {
              key: "outcome",
              label: t("list.status"),
              cell: ({ outcome }) => {
                const known = outcomes.find((one) => one === outcome);
                return known ? t(`list.outcomes.${known}`) : outcome;
              },
            },
            {
              key: "reason",
              label: t("list.detail"),
              cell: ({ reason }) => reason && <Reason reason={reason} />,
            },
            {
              key: "reply",
              label: t("list.reply"),
              cell: ({ reply }) => reply && <ServerWords>{reply}</ServerWords>,
            },
          ]}
        />
      </Card>
    </>
  );
}
