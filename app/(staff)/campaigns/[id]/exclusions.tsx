import { getFormatter, getTranslations } from "next-intl/server";
import { exclusionReasons } from "#lib/letters/campaigns/audience";
import { Table } from "#ui/table";

const known = [...exclusionReasons, "cancelled", "later"] as const;

/** A reason with a sentence; one that a later version wrote is « au moment de l’envoi ». */
export const reasonKey = (reason: string) => known.find((one) => one === reason) ?? "later";

/** Who of the segment would not receive it, by reason. */
export async function Exclusions({
  exclusions,
  caption,
}: {
  exclusions: Record<string, number>;
  caption: string;
}) {
  const t = await getTranslations("campaigns");
  const format = await getFormatter();
  const rows = Object.entries(exclusions)
    .map(([reason, count]) => ({ reason, count }))
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
          cell: ({ reason }) => t(`reasons.${reasonKey(reason)}`),
        },
        { key: "count", label: t("review.count"), numeric: true, cell: ({ count }) => format.number(count) },
      ]}
    />
  );
}
