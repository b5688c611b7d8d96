import { Heart } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { formatCents } from "#lib/machine/format";
import type { Donor } from "#lib/tax/reports/queries";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import { RowLink, Table } from "#ui/table";

/** Whom the department thanks. */
export function Donors({ donors, year }: { donors: Donor[]; year: number }) {
  const t = useTranslations("pledges.report");
  const c = useTranslations("pledges.columns");
  const locale = useLocale();
  return (
    <Card
      title={t("donors")}
      description={donors.length === 300 ? t("firstOnes") : undefined}
      actions={
        donors.length > 0 && (
          <LinkButton size="sm" href={`/pledges/thanks?year=${year}`} icon={<Heart aria-hidden />}>
            {t("thank")}
          </LinkButton>
        )
      }
      flush
    >
      <Table
        caption={t("donors")}
        rows={donors}
        rowKey={(row) => row.pledgeId}
        empty={<p className="px-5 pb-5 text-soft">{t("noDonors")}</p>}
        columns={[
          {
            key: "company",
            label: c("company"),
            heading: true,
            cell: (row) => <RowLink href={`/pledges/${row.pledgeId}`}>{row.name}</RowLink>,
          },
          {
            key: "thanked",
            label: c("state"),
            cell: (row) => row.thanked && <Badge tone="good">{t("thanked")}</Badge>,
          },
          {
            key: "received",
            label: c("received"),
            numeric: true,
            beside: true,
            cell: (row) => formatCents(BigInt(row.receivedCents), locale),
          },
        ]}
      />
    </Card>
  );
}
