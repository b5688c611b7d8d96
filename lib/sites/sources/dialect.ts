/** A file in its site's own words: which of its elements is a person, and where it has each of our fields. Pure. */
import { mappedFields } from "#lib/sites/script/schema";
import { leaves, limits, type RawContact, repeatable } from "#lib/sites/sources/format";

/** `record`: the name of a person's element, or of their list in JSON; `paths`: `name`, `@attribute`, `a/b` or `a/@b`, by field. */
export type Dialect = { record: string; paths: Partial<Record<DialectField, string>> };

export const dialectFields = ["id", ...mappedFields] as const;
export type DialectField = (typeof dialectFields)[number];

const segment = `[^/@<>"'&=\\s][^/@<>"'&=]{0,79}`;
const path = new RegExp(`^(?:${segment}/)?@?${segment}$`);

/** One level deep at most. */
export const isPath = (text: string): boolean => path.test(text);
export const isRecord = (text: string): boolean => new RegExp(`^${segment}$`).test(text);

/** As it is kept with the source; null where its files are of our format. */
export const dialectOf = (kept: unknown): Dialect | null => {
  const { record, paths } = (kept ?? {}) as Partial<Dialect>;
  return record ? { record, paths: paths ?? {} } : null;
};

/** As a form sends it: `record`, and `path-…` for each field. */
export function toldDialect(input: { record: string } & Record<string, unknown>): Dialect | null {
  const paths = dialectFields.flatMap((field) => {
    const at = input[`path-${field}`];
    return typeof at === "string" && at !== "" ? [[field, at] as const] : [];
  });
  return dialectOf({ record: input.record, paths: Object.fromEntries(paths) });
}

/** Where our format has it. */
const places: Partial<Record<DialectField, string>> = {
  email2: "email",
  street: "address/street",
  postcode: "address/postcode",
  city: "address/city",
  country: "address/country",
  organisation: "organisation/name",
  siret: "organisation/siret",
  jobTitle: "organisation/jobTitle",
};

/** A person as they are read, from what their file says at each of its paths. */
export class Gathering {
  readonly contact: RawContact;
  private readonly fields: Map<string, DialectField[]>;

  constructor(fields: Map<string, DialectField[]>, line: number) {
    this.fields = fields;
    const empty = { id: "", updated: "", role: "", organisationLine: null, partial: false };
    this.contact = { ...empty, line, fields: {}, emails: [], subscribes: [], clears: [], faults: [] };
  }

  /** Nothing is judged but its length; what no field wants is no fault. */
  say(path: string, text: string, line: number) {
    const value = text.trim();
    if (value === "") return;
    for (const field of this.fields.get(path) ?? []) this.take(field, value, line);
  }

  private take(field: DialectField, value: string, line: number) {
    const { contact } = this;
    if (field === "id") {
      contact.id ||= value.slice(0, 500);
      return;
    }
    if (field === "updatedAt") {
      contact.updated ||= value.slice(0, 500);
      return;
    }
    const place = places[field] ?? field;
    if (value.length > (leaves[place] ?? 0)) return this.fault("tooLong", place, value, line);
    if (place.startsWith("organisation/")) contact.organisationLine ??= line;
    if (place !== "email") {
      if (Object.hasOwn(contact.fields, place)) this.fault("repeated", place, value, line);
      else contact.fields[place] = { value, line };
    } else if (contact.emails.length >= (repeatable.email ?? 0)) this.fault("tooMany", place, value, line);
    else contact.emails.push({ value, primary: field === "email" && contact.emails.length === 0, line });
  }

  private fault(reason: "tooLong" | "repeated" | "tooMany", field: string, value: string, line: number) {
    if (this.contact.faults.length < limits.elements)
      this.contact.faults.push({ line, field, reason, value: value.slice(0, 200), rejected: false });
  }
}

/** What each path of a file is here: one may be two of our fields. */
export function fieldsByPath({ paths }: Dialect): Map<string, DialectField[]> {
  const fields = new Map<string, DialectField[]>();
  for (const field of dialectFields) {
    const at = paths[field];
    if (at) fields.set(at, [...(fields.get(at) ?? []), field]);
  }
  return fields;
}
