import { History } from "lucide-react";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { auditSubjects } from "#lib/department/audit/actions";
import { listAudit, listAuditors } from "#lib/department/audit/queries";
import { type AuditSearch, auditSearch } from "#lib/department/audit/schema";
import { gate } from "#lib/gates/session";
import { formatDateTime } from "#lib/machine/format";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { Filters } from "#ui/filters";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { Select } from "#ui/select";
import { Table } from "#ui/table";
import { TextField } from "#ui/text-field";
import { Sentence } from "./sentence";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AuditPage({ searchParams }: Props) {
  const user = await gate("audit.read", "/audit");
  const search = auditSearch.parse(await searchParams);
  const [page, people] = await Promise.all([listAudit(search), listAuditors()]);
  const t = await getTranslations("audit");
  const { by, subject, from, to } = search;
  const chosen = Object.entries({ by: String(by), subject, from, to }).filter(([, value]) => value !== "");
  const link = (way: "after" | "before", cursor: string | null) =>
    cursor && `/audit?${new URLSearchParams([...chosen, [way, cursor]])}`;
  const clear = <LinkButton href="/audit">{t("clear")}</LinkButton>;
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      <AuditFilters search={search} people={people} />
      <Card flush>
        <Table
          caption={t("title")}
          rows={page.rows}
          rowKey={(row) => row.id}
          empty={
            chosen.length > 0 ? (
              <EmptyState icon={<History />} title={t("noneHere")} actions={clear} />
            ) : (
              <EmptyState icon={<History />} title={t("empty")} />
            )
          }
          columns={[
            {
              key: "act",
              label: t("act"),
              heading: true,
              cell: (row) => (
                <span className="font-normal [overflow-wrap:anywhere]">
                  <Sentence row={row} />
                </span>
              ),
            },
            {
              key: "at",
              label: t("at"),
              cell: ({ at }) => (
                <time dateTime={at.toISOString()} className="whitespace-nowrap text-soft">
                  {formatDateTime(at, user.locale)}
                </time>
              ),
            },
          ]}
        />
        <Pager previousHref={link("before", page.previous)} nextHref={link("after", page.next)} />
      </Card>
    </>
  );
}

type Person = { id: number; name: string };

function AuditFilters({ search, people }: { search: AuditSearch; people: Person[] }) {
  const t = useTranslations("audit");
  const narrow = "max-sm:basis-[max(9.5rem,calc(50%-0.375rem))] max-sm:grow";
  return (
    <Filters
      label={t("filters")}
      className="mb-4"
      key={`${search.by}${search.subject}${search.from}${search.to}`}
    >
      <Select
        name="by"
        label={t("by")}
        defaultValue={String(search.by)}
        placeholder={t("anyone")}
        options={[
          ...people.map(({ id, name }) => ({ value: String(id), label: name })),
          { value: "system", label: t("system") },
        ]}
        className={narrow}
      />
      <Select
        name="subject"
        label={t("kind")}
        defaultValue={search.subject}
        placeholder={t("anything")}
        options={auditSubjects.map((noun) => ({ value: noun, label: t(`subjects.${noun}`) }))}
        className={narrow}
      />
      <TextField name="from" type="date" label={t("from")} defaultValue={search.from} className={narrow} />
      <TextField name="to" type="date" label={t("to")} defaultValue={search.to} className={narrow} />
    </Filters>
  );
}
