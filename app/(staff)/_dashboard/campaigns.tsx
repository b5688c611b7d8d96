import { Megaphone, Plus } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { fewestReaders, handedOver, percent, type Rate, rateOf } from "#lib/letters/campaigns/funnel";
import type { RecentCampaign } from "#lib/office/dashboard/queries";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { LinkButton } from "#ui/link-button";
import { type Column, RowLink, Table } from "#ui/table";

const rates: Rate[] = ["delivered", "refused", "returned", "replied", "unsubscribed"];

export function Campaigns({ campaigns, mayCreate }: { campaigns: RecentCampaign[]; mayCreate: boolean }) {
  const t = useTranslations("dashboard.campaigns");
  const columns = useColumns();
  return (
    <Card
      flush
      title={t("title")}
      description={t("description")}
      actions={
        <LinkButton href="/campaigns" variant="ghost" size="sm">
          {t("all")}
        </LinkButton>
      }
    >
      <Table
        caption={t("caption")}
        columns={columns}
        rows={campaigns}
        rowKey={({ id }) => id}
        empty={<Empty mayCreate={mayCreate} />}
      />
    </Card>
  );
}

function useColumns(): Column<RecentCampaign>[] {
  const t = useTranslations("dashboard.campaigns");
  const format = useFormatter();
  const perHundred = ({ clicks, funnel }: RecentCampaign) => {
    const handed = handedOver(funnel);
    return handed < fewestReaders
      ? null
      : format.number((clicks / handed) * 100, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  };
  return [
    {
      key: "name",
      label: t("name"),
      heading: true,
      cell: ({ id, name, launchedAt }) => (
        <>
          <RowLink href={`/campaigns/${id}`}>{name}</RowLink>
          <span className="block text-sm font-normal text-faint">
            {format.dateTime(launchedAt, { day: "numeric", month: "long", year: "numeric" })}
          </span>
        </>
      ),
    },
    {
      key: "recipients",
      label: t("recipients"),
      numeric: true,
      wideOnly: true,
      cell: ({ funnel }) => format.number(funnel.recipients),
    },
    ...rates.map(
      (key): Column<RecentCampaign> => ({
        key,
        label: t(key),
        numeric: true,
        cell: ({ funnel }) => {
          const share = rateOf(funnel, key);
          return share === null ? null : format.number(share, percent);
        },
      }),
    ),
    { key: "clicks", label: t("clicks"), numeric: true, wideOnly: true, cell: perHundred },
  ];
}

function Empty({ mayCreate }: { mayCreate: boolean }) {
  const t = useTranslations("dashboard.campaigns");
  return (
    <EmptyState
      icon={<Megaphone />}
      title={t("emptyTitle")}
      actions={
        mayCreate && (
          <LinkButton href="/campaigns/new" variant="primary" icon={<Plus aria-hidden />}>
            {t("new")}
          </LinkButton>
        )
      }
    >
      {mayCreate && t("emptyText")}
    </EmptyState>
  );
}
