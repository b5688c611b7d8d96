import { ScrollText } from "lucide-react";
import { useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { ErasureRow } from "#lib/office/privacy/queries";
import { EmptyState } from "#ui/empty-state";
import { Pager } from "#ui/pager";
import { Table } from "#ui/table";

type Props = { rows: ErasureRow[]; locale: string; nextHref: string | null; firstHref: string | null };

/** The proof of each erasure: a number, a date, a reason; of the person, nothing. */
export function Register({ rows, locale, nextHref, firstHref }: Props) {
  const t = useTranslations("privacy.register");
  return (
    <>
      <Table
        caption={t("title")}
        rows={rows}
        rowKey={(row) => row.id}
        empty={<EmptyState icon={<ScrollText />} title={t("empty")} />}
        columns={[
          { key: "at", label: t("at"), heading: true, cell: (row) => formatDateTime(row.at, locale) },
          { key: "why", label: t("why"), cell: (row) => t(`whys.${row.why}`) },
          { key: "by", label: t("by"), cell: (row) => row.by ?? t("system") },
          { key: "id", label: t("id"), wideOnly: true, cell: (row) => <code>{row.id.slice(0, 8)}</code> },
        ]}
      />
      <Pager previousHref={firstHref} nextHref={nextHref} />
    </>
  );
}
