import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Moment } from "#lib/people/activities/queries";
import { contactKinds } from "#lib/people/contacts/schema";
import { useFieldName, useFieldNames } from "./field-names";

const ways = ["import", "staff", "page", "one_click", "mailto", "undo", "complaint"] as const;

/** Who, through what, which fields: one quiet line under a moment. */
export function Facts({ moment }: { moment: Moment }) {
  const t = useTranslations("activities");
  const { values = {} } = moment.data as { values?: Record<string, unknown> };
  const named = Array.isArray(moment.data.fields) ? moment.data.fields : [];
  const list = useFieldNames()({ fields: named.filter((field) => !(String(field) in values)) });
  const via = ways.find((way) => way === moment.data.via);
  const parts = [
    list && t("fields", { list }),
    moment.source === "subscription" && via && via !== "staff" ? t(`via.${via}`) : "",
    typeof moment.data.note === "string" && moment.data.note,
    moment.userName && t("by", { name: moment.userName }),
  ].filter(Boolean);
  if (parts.length === 0 && !moment.campaignId && named.length === 0) return null;
  return (
    <>
      <Changes values={values} />
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

/** What each field was and became: an old value can be read, and put back. */
function Changes({ values }: { values: Record<string, unknown> }) {
  const t = useTranslations("activities");
  const c = useTranslations("contacts");
  const nameOf = useFieldName();
  const shown = (field: string, value: unknown) => {
    const kind = field === "kind" && contactKinds.find((known) => known === value);
    if (kind) return c(`kinds.${kind}`);
    return value === null || value === "" ? t("emptyValue") : String(value);
  };
  const changes = Object.entries(values).flatMap(([field, pair]) =>
    Array.isArray(pair) && nameOf(field) ? [{ field, before: pair[0], after: pair[1] }] : [],
  );
  if (changes.length === 0) return null;
  return (
    <ul className="mb-1">
      {changes.map(({ field, before, after }) => (
        <li key={field} className="break-words">
          {t("change", { field: nameOf(field), before: shown(field, before), after: shown(field, after) })}
        </li>
      ))}
    </ul>
  );
}
