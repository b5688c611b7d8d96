import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { ContactRow } from "#lib/contacts/queries";
import type { ContactSearch } from "#lib/contacts/schema";
import { Avatar } from "#ui/avatar";
import { Badge } from "#ui/badge";
import { RowLink, Table } from "#ui/table";
import { address } from "./search";

type Props = { rows: ContactRow[]; search: ContactSearch; empty: ReactNode };

export function ContactsTable({ rows, search, empty }: Props) {
  const t = useTranslations("contacts");
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
          sortHref: address(search, { sort: "name" }),
          sorted: search.sort === "name" ? "ascending" : undefined,
          cell: (row) => <Person row={row} />,
        },
        { key: "kind", label: t("columns.kind"), cell: (row) => t(`kinds.${row.kind}`) },
        {
          key: "year",
          label: t("columns.year"),
          numeric: true,
          sortHref: address(search, { sort: "year" }),
          sorted: search.sort === "year" ? "descending" : undefined,
          cell: (row) => row.graduationYear ?? t("nothing"),
        },
        { key: "address", label: t("columns.address"), cell: (row) => <Address row={row} /> },
        {
          key: "organisation",
          label: t("columns.organisation"),
          wideOnly: true,
          cell: (row) => row.organisation ?? t("nothing"),
        },
        { key: "city", label: t("columns.city"), wideOnly: true, cell: (row) => row.city || t("nothing") },
      ]}
    />
  );
}

const fullName = (row: ContactRow) => `${row.firstName} ${row.lastName}`.trim();

function Person({ row }: { row: ContactRow }) {
  return (
    <span className="flex items-center gap-3">
      <Avatar name={fullName(row)} size="sm" />
      <RowLink href={`/contacts/${row.id}`}>{fullName(row)}</RowLink>
    </span>
  );
}

function Address({ row }: { row: ContactRow }) {
  const t = useTranslations("contacts");
  if (!row.address) return <span className="text-faint">{t("nothing")}</span>;
  return (
    <span className="flex flex-wrap items-center gap-2 [overflow-wrap:anywhere]">
      {row.address}
      {row.standing && row.standing !== "ok" && (
        <Badge tone={row.standing === "soft" ? "warn" : "bad"}>
          {t(`addresses.standing.${row.standing}`)}
        </Badge>
      )}
    </span>
  );
}
