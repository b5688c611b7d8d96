import { useTranslations } from "next-intl";

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

/** A field as the forms call it; empty for one they do not have. */
export function useFieldName(): (name: unknown) => string {
  const t = useTranslations("contacts");
  const o = useTranslations("organisations");
  return (name) => {
    const field = fields.find((known) => known === name);
    if (field) return t(`fields.${field}`);
    const other = organisationFields.find((known) => known === name);
    return other ? o(`fields.${other}`) : "";
  };
}

/** « Ville, Téléphone »: the fields that an act changed. */
export function useFieldNames(): (data: Record<string, unknown>) => string {
  const nameOf = useFieldName();
  return ({ fields: named }) => (Array.isArray(named) ? named : []).map(nameOf).filter(Boolean).join(", ");
}
