import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Moment } from "#lib/activities/queries";

const fields = [
  "kind",
  "firstName",
  "lastName",
  "graduationYear",
  "phone",
  "street",
  "postcode",
  "city",
  "country",
  "website",
  "notes",
  "locale",
  "email",
  "primaryEmail",
  "organisation",
  "newsletters",
  "name",
] as const;
const organisationFields = ["siren", "siret", "sector", "headcount"] as const;
const ways = ["import", "staff", "page", "one_click", "mailto", "undo", "complaint"] as const;

/** Who, through what, which fields: one quiet line under a moment. */
export function Facts({ moment }: { moment: Moment }) {
  const t = useTranslations("activities");
  const list = useFieldList(moment);
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

function useFieldList({ data }: Moment): string {
  const t = useTranslations("contacts");
  const o = useTranslations("organisations");
  const named = Array.isArray(data.fields) ? data.fields : [];
  return named
    .map((name) => {
      const field = fields.find((known) => known === name);
      if (field) return t(`fields.${field}`);
      const other = organisationFields.find((known) => known === name);
      return other ? o(`fields.${other}`) : "";
    })
    .filter(Boolean)
    .join(", ");
}
