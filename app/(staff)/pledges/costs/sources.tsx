import { useLocale, useTranslations } from "next-intl";
import { formatEuros, formatNumber } from "#lib/machine/format";
import type { sumCosts } from "#lib/tax/costs/queries";
import { costOf, returnOn } from "#lib/tax/costs/rules";
import type { Source } from "#lib/tax/reports/sources";
import { Card } from "#ui/card";
import { RowLink, Table } from "#ui/table";
import { sayReturn } from "./amounts";

type Props = { sources: Source[]; costs: Awaited<ReturnType<typeof sumCosts>>; hourly: bigint | null };

/** A line a letter or another way of asking; their sums are the campaign's. */
export function Sources({ sources, costs, hourly }: Props) {
  const t = useTranslations("pledges.costs");
  const channels = useTranslations("pledges.channels");
  const locale = useLocale();
  const costOfLetter = (id: number | null) => {
    const told = id === null ? undefined : costs.find(({ campaignId }) => campaignId === id);
    return told ? costOf({ minutes: told.minutes, cents: BigInt(told.cents) }, hourly) : 0n;
  };
  const returned = (row: Source) =>
    returnOn(BigInt(row.receivedCents), costOfLetter(row.campaignId), row.received);
  const count = (key: "sent" | "replied" | "pledges" | "allocated" | "received") => ({
    key,
    label: t(`columns.${key}`),
    numeric: true,
    cell: (row: Source) => (row[key] === 0 ? null : formatNumber(row[key], locale)),
  });
  return (
    <Card title={t("sources")} description={t("sourcesHint")} flush>
      <Table
        caption={t("sources")}
        rows={sources}
        rowKey={(row) => row.campaignId ?? row.channel}
        empty={<p className="px-5 pb-5 text-soft">{t("noSources")}</p>}
        columns={[
          {
            key: "source",
            label: t("columns.source"),
            heading: true,
            cell: (row) =>
              row.campaignId === null ? (
                channels(row.channel)
              ) : (
                <RowLink href={`/campaigns/${row.campaignId}`}>{row.name}</RowLink>
              ),
          },
          ...(["sent", "replied", "pledges", "allocated", "received"] as const).map(count),
          {
            key: "euros",
            label: t("columns.euros"),
            numeric: true,
            cell: (row) => formatEuros(row.receivedCents, locale),
          },
          {
            key: "fresh",
            label: t("columns.fresh"),
            numeric: true,
            wideOnly: true,
            cell: (row) => formatEuros(row.newCents, locale),
          },
          {
            key: "cost",
            label: t("cost"),
            numeric: true,
            cell: (row) => {
              const cost = costOfLetter(row.campaignId);
              return cost === null || cost === 0n ? null : formatEuros(cost, locale);
            },
          },
          {
            key: "return",
            label: t("columns.return"),
            numeric: true,
            cell: (row) => {
              const told = returned(row);
              return told === null ? null : sayReturn(told, locale);
            },
          },
        ]}
      />
    </Card>
  );
}
