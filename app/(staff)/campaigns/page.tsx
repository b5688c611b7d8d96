import { Megaphone, Plus } from "lucide-react";
import { getFormatter, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { modelKey } from "#lib/letters/campaigns/content";
import { percent, type Rate, rateOf } from "#lib/letters/campaigns/funnel";
import { type ListedCampaign, listCampaigns } from "#lib/letters/campaigns/queries";
import { campaignStatuses } from "#lib/letters/campaigns/schema";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { TabLinks } from "#ui/tab-links";
import { type Column, RowLink, Table } from "#ui/table";
import { StatusBadge } from "./status-badge";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function CampaignsPage({ searchParams }: Props) {
  const user = await gate("campaigns.read", "/campaigns");
  const search = await searchParams;
  const status = campaignStatuses.find((known) => known === search.show);
  const archived = search.show === "archived";
  const { campaigns, next } = await listCampaigns({ status, archived, before: search.before });
  const t = await getTranslations("campaigns");
  const create = may(user.role, "campaigns.edit") && (
    <LinkButton href="/campaigns/new" variant="primary" icon={<Plus aria-hidden />}>
      {t("new")}
    </LinkButton>
  );
  const show = archived ? "archived" : status;
  const view = (name?: string) => (name ? `/campaigns?show=${name}` : "/campaigns");
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} actions={create} />
      <TabLinks
        label={t("views")}
        links={[
          { href: view(), label: t("all"), current: !show },
          ...campaignStatuses.map((one) => ({
            href: view(one),
            label: t(`status.${one}`),
            current: one === show,
          })),
          { href: view("archived"), label: t("archivedView"), current: archived },
        ]}
      />
      <Card flush>
        <Table
          caption={t("caption")}
          columns={await columns()}
          rows={campaigns}
          rowKey={({ id }) => id}
          empty={
            show || search.before ? (
              <EmptyState icon={<Megaphone />} title={t("noneHere")} />
            ) : (
              <EmptyState icon={<Megaphone />} title={t("emptyTitle")} actions={create}>
                {t("emptyText")}
              </EmptyState>
            )
          }
        />
        <Pager
          previousHref={search.before ? view(show) : null}
          nextHref={next && `/campaigns?${new URLSearchParams({ ...(show && { show }), before: next })}`}
        />
      </Card>
    </>
  );
}

async function columns(): Promise<Column<ListedCampaign>[]> {
  const t = await getTranslations("campaigns");
  const format = await getFormatter();
  const rate = (key: Rate, wideOnly = true): Column<ListedCampaign> => ({
    key,
    label: t(`columns.${key}`),
    numeric: true,
    wideOnly,
    cell: ({ funnel }) => {
      const share = rateOf(funnel, key);
      return share === null ? null : format.number(share, percent);
    },
  });
  return [
    {
      key: "name",
      label: t("columns.name"),
      heading: true,
      cell: ({ id, name, model }) => (
        <>
          <RowLink href={`/campaigns/${id}`}>{name || t("untitled")}</RowLink>
          <span className="block text-[0.8125rem] font-normal text-faint">
            {t(`models.${modelKey(model)}`)}
          </span>
        </>
      ),
    },
    {
      key: "status",
      label: t("columns.status"),
      beside: true,
      cell: ({ status, missed }) => <StatusBadge status={status} missed={missed} />,
    },
    {
      key: "date",
      label: t("columns.date"),
      cell: ({ launchedAt, scheduledFor, createdAt }) => (
        <span className="whitespace-nowrap">
          {format.dateTime(launchedAt ?? scheduledFor ?? createdAt, { dateStyle: "medium" })}
        </span>
      ),
    },
    {
      key: "people",
      label: t("columns.people"),
      numeric: true,
      cell: ({ launchedAt, funnel }) => launchedAt && format.number(funnel.recipients),
    },
    rate("delivered", false),
    rate("refused"),
    rate("returned"),
    rate("replied"),
    rate("unsubscribed"),
  ];
}
