import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatNumber } from "#lib/machine/format";
import type { OrganisationRow } from "#lib/people/organisations/queries";
import { formatSiret } from "#lib/people/organisations/rules";
import { RowLink, Table } from "#ui/table";

export function OrganisationsTable({ rows, empty }: { rows: OrganisationRow[]; empty: ReactNode }) {
  const t = useTranslations("organisations");
  const locale = useLocale();
  return (
    <Table
      caption={t("title")}
      rows={rows}
      rowKey={(row) => row.id}
      empty={empty}
      columns={[
        {
          key: "name",
          label: t("columns.name"),
          heading: true,
          cell: (row) => <RowLink href={`/organisations/${row.id}`}>{row.name}</RowLink>,
        },
        {
          key: "siren",
          label: t("columns.siren"),
          wideOnly: true,
          cell: (row) => row.siren && <span className="nums">{formatSiret(row.siren)}</span>,
        },
        { key: "city", label: t("columns.city"), beside: true, cell: (row) => row.city },
        {
          key: "headcount",
          label: t("columns.headcount"),
          numeric: true,
          cell: (row) => row.headcount !== null && formatNumber(row.headcount, locale),
        },
        {
          key: "people",
          label: t("columns.people"),
          numeric: true,
          cell: (row) => formatNumber(row.people, locale),
        },
      ]}
    />
  );
}
