import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { ContactRow } from "#lib/people/contacts/queries";
import type { ContactSearch } from "#lib/people/contacts/schema";
import { Address } from "#ui/address";
import { Avatar } from "#ui/avatar";
import { Badge } from "#ui/badge";
import { RowLink, Table } from "#ui/table";
import { address } from "./search";
import { Choose } from "./selection";

type Props = { rows: ContactRow[]; search: ContactSearch; writes: boolean; empty: ReactNode };

export function ContactsTable({ rows, search, writes, empty }: Props) {
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
          cell: (row) => <Person row={row} writes={writes} />,
        },
        { key: "kind", label: t("columns.kind"), beside: true, cell: (row) => t(`kinds.${row.kind}`) },
        {
          key: "year",
          label: t("columns.year"),
          sortHref: address(search, { sort: "year" }),
          sorted: search.sort === "year" ? "descending" : undefined,
          cell: (row) => row.graduationYear,
        },
        {
          key: "address",
          label: t("columns.address"),
          cell: (row) => row.address && <Mailbox row={row} address={row.address} />,
        },
        {
          key: "organisation",
          label: t("columns.organisation"),
          wideOnly: true,
          cell: (row) => row.organisation,
        },
        {
          key: "interest",
          label: t("interest.title"),
          wideOnly: true,
          cell: (row) => t(`interest.levels.${row.interest}`),
        },
        { key: "city", label: t("columns.city"), wideOnly: true, cell: (row) => row.city },
      ]}
    />
  );
}

const fullName = (row: ContactRow) => `${row.firstName} ${row.lastName}`.trim();

function Person({ row, writes }: { row: ContactRow; writes: boolean }) {
  return (
    <span className="flex items-center gap-3 md:min-w-44">
      {writes &&
        (row.address ? (
          <Choose id={row.id} name={fullName(row)} />
        ) : (
          <span className="w-[1.125rem] shrink-0" />
        ))}
      <Avatar name={fullName(row)} size="sm" />
      <span className="min-w-0 wrap-break-word">
        <RowLink href={`/contacts/${row.id}`}>{fullName(row)}</RowLink>
      </span>
    </span>
  );
}

function Mailbox({ row, address }: { row: ContactRow; address: string }) {
  const t = useTranslations("contacts");
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Address>{address}</Address>
      {row.standing && row.standing !== "ok" && (
        <Badge tone={row.standing === "soft" ? "warn" : "bad"}>
          {t(`addresses.standing.${row.standing}`)}
        </Badge>
      )}
    </span>
  );
}
