import { Plus, Users } from "lucide-react";
import { getFormatter, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { type ListedSegment, listCriteriaChoices, listSegments } from "#lib/people/segments/queries";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { TabLinks } from "#ui/tab-links";
import { type Column, RowLink, Table } from "#ui/table";
import { describeCriteria } from "./describe";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SegmentsPage({ searchParams }: Props) {
  const user = await gate("segments.read", "/segments");
  const archived = (await searchParams).show === "archived";
  const [segments, choices] = await Promise.all([
    listSegments(archived ? "archived" : "current"),
    listCriteriaChoices(),
  ]);
  const t = await getTranslations("segments");
  const format = await getFormatter();
  const create = may(user.role, "segments.edit") && (
    <LinkButton href="/segments/new" variant="primary" icon={<Plus aria-hidden />}>
      {t("new")}
    </LinkButton>
  );
  const columns: Column<ListedSegment>[] = [
    {
      key: "name",
      label: t("name"),
      heading: true,
      cell: ({ id, name }) => <RowLink href={`/segments/${id}`}>{name}</RowLink>,
    },
    { key: "criteria", label: t("criteria"), cell: ({ criteria }) => describeCriteria(criteria, t, choices) },
    {
      key: "campaigns",
      label: t("campaigns"),
      numeric: true,
      cell: ({ campaigns }) => format.number(campaigns),
    },
    {
      key: "updated",
      label: t("updated"),
      wideOnly: true,
      cell: ({ updatedAt }) => (
        <span className="whitespace-nowrap">{format.dateTime(updatedAt, { dateStyle: "medium" })}</span>
      ),
    },
  ];
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} actions={create} />
      <TabLinks
        label={t("views")}
        links={[
          { href: "/segments", label: t("current"), current: !archived },
          { href: "/segments?show=archived", label: t("archived"), current: archived },
        ]}
      />
      <Card flush>
        <Table
          caption={t("caption")}
          columns={columns}
          rows={segments}
          rowKey={({ id }) => id}
          empty={
            archived ? (
              <EmptyState icon={<Users />} title={t("noneArchived")} />
            ) : (
              <EmptyState icon={<Users />} title={t("emptyTitle")} actions={create}>
                {t("emptyText")}
              </EmptyState>
            )
          }
        />
      </Card>
    </>
  );
}
