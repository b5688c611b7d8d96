import { getFormatter, getTranslations } from "next-intl/server";
import { exclusionReasons } from "#lib/campaigns/audience";
import { Table } from "#ui/table";

const known = [...exclusionReasons, "cancelled", "later"] as const;

/** Who of the segment does not receive it, by reason. */
export async function Exclusions({
  exclusions,
  caption,
}: {
  exclusions: Record<string, number>;
  caption: string;
}) {
  const t = await getTranslations("campaigns");
  const format = await getFormatter();
  const rows = known
    .map((reason) => ({ reason, count: exclusions[reason] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  return (
    <Table
      caption={caption}
      rows={rows}
      rowKey={({ reason }) => reason}
      columns={[
        {
          key: "reason",
          label: t("review.reason"),
          heading: true,
          cell: ({ reason }) => t(`reasons.${reason}`),
        },
        { key: "count", label: t("review.count"), numeric: true, cell: ({ count }) => format.number(count) },
      ]}
    />
  );
}
