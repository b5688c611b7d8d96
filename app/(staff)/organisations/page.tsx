import { Building2, Plus, SearchX } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { countOrganisations, listOrganisations } from "#lib/people/organisations/queries";
import { type OrganisationSearch, organisationSearch } from "#lib/people/organisations/schema";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { Filters, SearchField } from "#ui/filters";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { Select } from "#ui/select";
import { OrganisationsTable } from "./table";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function OrganisationsPage({ searchParams }: Props) {
  const user = await gate("organisations.read", "/organisations");
  const search = organisationSearch.parse(await searchParams);
  const [t, page, total] = await Promise.all([
    getTranslations("organisations"),
    listOrganisations(search),
    countOrganisations(search),
  ]);
  const add = may(user.role, "organisations.edit") && (
    <LinkButton href="/organisations/new" variant="primary" icon={<Plus aria-hidden />}>
      {t("new")}
    </LinkButton>
  );
  const filtered = search.q || search.state;
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} actions={add} />
      <Filters label={t("filters")} className="mb-4">
        <SearchField label={t("search")} defaultValue={search.q} />
        <Select
          name="state"
          label={t("state")}
          labelHidden
          defaultValue={search.state}
          options={[
            { value: "", label: t("active") },
            { value: "archived", label: t("archivedOnes") },
          ]}
        />
      </Filters>
      <Card flush>
        <OrganisationsTable
          rows={page.rows}
          empty={
            <EmptyState
              icon={filtered ? <SearchX /> : <Building2 />}
              title={filtered ? t("noneTitle") : t("emptyTitle")}
              actions={filtered ? <LinkButton href="/organisations">{t("clear")}</LinkButton> : add}
            >
              {filtered ? t("noneText") : t("emptyText")}
            </EmptyState>
          }
        />
        <Pager
          previousHref={page.previous && address(search, "before", page.previous)}
          nextHref={page.next && address(search, "after", page.next)}
          summary={
            total.estimated ? t("countAbout", { count: total.count }) : t("count", { count: total.count })
          }
        />
      </Card>
    </>
  );
}

function address({ q, state }: OrganisationSearch, way: "before" | "after", cursor: string): string {
  return `/organisations?${new URLSearchParams({ ...(q && { q }), ...(state && { state }), [way]: cursor })}`;
}
