import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Moment } from "#lib/activities/queries";
import { useFieldNames } from "./field-names";

const ways = ["import", "staff", "page", "one_click", "mailto", "undo", "complaint"] as const;

/** Who, through what, which fields: one quiet line under a moment. */
export function Facts({ moment }: { moment: Moment }) {
  const t = useTranslations("activities");
  const list = useFieldNames()(moment.data);
  const via = ways.find((way) => way === moment.data.via);
  const parts = [
    list && t("fields", { list }),
    moment.source === "subscription" && via && via !== "staff" ? t(`via.${via}`) : "",
    moment.userName && t("by", { name: moment.userName }),
  ].filter(Boolean);
  if (parts.length === 0 && !moment.campaignId) return null;
  return (
    <>
      {parts.join(" · ")}
      {moment.campaignId && (
        <Link href={`/campaigns/${moment.campaignId}`} className="text-brand-text hover:underline">
          {parts.length > 0 && " · "}
          {t("toCampaign", { name: moment.campaignName ?? "" })}
        </Link>
      )}
    </>
  );
}
