/** What the script of a remote site reads, and under which of our names. */

/** The columns of the remote table by our fields, its name and the column that numbers it. */
export type Mapping = { table: string; key: string; columns: Record<string, string>; clear: string[] };

/** What a column of the site may be here, in the order of the form. */
export const mappedFields = [
  "lastName",
  "firstName",
  "email",
  "email2",
  "graduationYear",
  "phone",
  "street",
  "postcode",
  "city",
  "country",
  "organisation",
  "siret",
  "jobTitle",
  "website",
  "locale",
  "kind",
  "updatedAt",
] as const;
