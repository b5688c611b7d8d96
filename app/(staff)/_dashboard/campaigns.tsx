import { Megaphone, Plus } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { RecentCampaign } from "#lib/dashboard/queries";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { LinkButton } from "#ui/link-button";
import { type Column, RowLink, Table } from "#ui/table";

type Share = "delivered" | "hard" | "soft" | "replied" | "unsubscribed" | "clicks";
const shares: Share[] = ["delivered", "hard", "soft", "replied", "unsubscribed", "clicks"];

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
  const percent = (share: number | null) =>
    share === null ? t("none") : format.number(share, { style: "percent", maximumFractionDigits: 1 });
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
      key: "handed",
      label: t("handed"),
      numeric: true,
      wideOnly: true,
      cell: ({ handed }) => format.number(handed),
    },
    ...shares.map(
      (key): Column<RecentCampaign> => ({
        key,
        label: t(key),
        numeric: true,
        wideOnly: key === "clicks",
        cell: (row) =>
          key === "clicks" && row.clicks !== null
            ? format.number(row.clicks * 100, { maximumFractionDigits: 1 })
            : percent(row[key]),
      }),
    ),
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
