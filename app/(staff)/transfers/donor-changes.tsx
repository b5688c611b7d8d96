import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { formatCents } from "#lib/machine/format";
import type { DonorChange } from "#lib/tax/transfers/donors";
import { Card } from "#ui/card";
import { Table } from "#ui/table";

/** Who gave last year and not yet this one, beside who is new: those whom a call may bring back, and whom to thank. */
export function DonorChanges({ changes, year }: { changes: DonorChange[]; year: number }) {
  const t = useTranslations("transfers.donors");
  if (changes.length === 0) return null;
  const before = { year: String(year - 1) };
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Donors title={t("lost", before)} none={t("noneLost")} rows={changes.filter(({ now }) => now === 0)} />
      <Donors title={t("new", before)} none={t("noneNew")} rows={changes.filter(({ now }) => now > 0)} />
    </div>
  );
}

function Donors({ title, none, rows }: { title: string; none: string; rows: DonorChange[] }) {
  const t = useTranslations("transfers.donors");
  const locale = useLocale();
  return (
    <Card title={title} flush>
      <Table
        caption={title}
        rows={rows}
        rowKey={(row) => row.organisationId}
        empty={<p className="px-5 pb-5 text-soft">{none}</p>}
        columns={[
          {
            key: "name",
            label: t("company"),
            heading: true,
            cell: (row) => (
              <Link
                href={`/organisations/${row.organisationId}`}
                className="rounded text-brand-text hover:underline"
              >
                {row.name}
              </Link>
            ),
          },
          {
            key: "cents",
            label: t("amount"),
            numeric: true,
            cell: (row) => formatCents(row.now || row.before, locale),
          },
        ]}
      />
    </Card>
  );
}
