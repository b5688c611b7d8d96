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

/** « Ville, Téléphone »: the fields that an act changed, as the forms call them. */
export function useFieldNames(): (data: Record<string, unknown>) => string {
  const t = useTranslations("contacts");
  const o = useTranslations("organisations");
  return ({ fields: named }) =>
    (Array.isArray(named) ? named : [])
      .map((name) => {
        const field = fields.find((known) => known === name);
        if (field) return t(`fields.${field}`);
        const other = organisationFields.find((known) => known === name);
        return other ? o(`fields.${other}`) : "";
      })
      .filter(Boolean)
      .join(", ");
}
