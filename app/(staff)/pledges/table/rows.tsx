import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatCents, formatNumber } from "#lib/machine/format";
import type { Card } from "#lib/tax/pledges/queries";
import { Badge } from "#ui/badge";
import { RowLink, Table } from "#ui/table";
import { sayDay, sayExpected } from "../money";
import { toneOf } from "../tones";

export function PledgesTable({ rows, empty }: { rows: Card[]; empty: ReactNode }) {
  const t = useTranslations("pledges");
  const board = useTranslations("pledges.board");
  const locale = useLocale();
  return (
    <Table
      caption={t("title")}
      rows={rows}
      rowKey={(row) => row.id}
      empty={empty}
      columns={[
        {
          key: "company",
          label: t("columns.company"),
          heading: true,
          cell: (row) => (
            <RowLink href={`/pledges/${row.id}`}>
              {row.target ? `${row.name} (${row.target})` : row.name}
            </RowLink>
          ),
        },
        {
          key: "state",
          label: t("columns.state"),
          beside: true,
          cell: (row) => (
            <Badge tone={toneOf[row.state]} dot>
              {t(`states.${row.state}`)}
            </Badge>
          ),
        },
        {
          key: "share",
          label: t("columns.share"),
          numeric: true,
          cell: (row) => row.share !== null && `${formatNumber(row.share / 100, locale)}\u202f%`,
        },
        {
          key: "expected",
          label: t("columns.expected"),
          numeric: true,
          cell: (row) => sayExpected(row, board, locale),
        },
        {
          key: "received",
          label: t("columns.received"),
          numeric: true,
          cell: (row) => row.receivedCents !== "0" && formatCents(BigInt(row.receivedCents), locale),
        },
        { key: "owner", label: t("columns.owner"), wideOnly: true, cell: (row) => row.owner },
        {
          key: "next",
          label: t("columns.next"),
          cell: (row) => [row.nextOn && sayDay(row.nextOn, locale), row.nextStep].filter(Boolean).join(" : "),
        },
      ]}
    />
  );
}
