/** The remote site's format, as public/schemas/contacts-1.0.xsd and 1.1 describe it: where an element may stand and how long it may be. */

/** Characters an element's text may have, by its path under `contact`. */
export const leaves: Record<string, number> = {
  kind: 40,
  firstName: 100,
  lastName: 100,
  email: 254,
  graduationYear: 10,
  phone: 60,
  website: 500,
  locale: 10,
  "address/street": 300,
  "address/postcode": 20,
  "address/city": 100,
  "address/country": 40,
  "organisation/name": 200,
  "organisation/siret": 40,
  "organisation/jobTitle": 200,
  "newsletters/subscribe": 0,
};

export const containers = new Set(["address", "organisation", "newsletters"]);

/** The two elements that may come more than once in a contact. */
export const repeatable: Record<string, number> = { email: 10, "newsletters/subscribe": 20 };

/** What `clear="true"` may empty here (format 1.1); nobody is left without a name, a kind or a language. */
export const clearable = new Set(["firstName", "graduationYear", "phone", "website", "address"]);

export const limits = {
  /** Contacts in one file. */
  rows: 1_000_000,
  /** Elements inside elements. */
  depth: 8,
  /** Characters between two tags, or inside one tag, before the file is refused. */
  run: 65_536,
  /** Elements in one contact. */
  elements: 100,
  /** Bytes of one file, unpacked: a million people with all that may be said of them. */
  bytes: 1024 * 1024 * 1024,
  /** Row errors kept per run; the others are only counted. */
  recordedErrors: 1000,
};

export const rowReasons = [
  "addressTaken",
  "archived",
  "charset",
  "clear",
  "country",
  "date",
  "duplicateAddress",
  "duplicateId",
  "email",
  "emailNotAscii",
  "empty",
  "erased",
  "kind",
  "locale",
  "organisation",
  "phone",
  "primaryTwice",
  "proof",
  "repeated",
  "required",
  "role",
  "sameContact",
  "siret",
  "strayText",
  "text",
  "tooLong",
  "tooMany",
  "topic",
  "unknownElement",
  "website",
  "year",
] as const;

export type RowReason = (typeof rowReasons)[number];

/** One fault of one row. `rejected: false` is a note: the field is left out, the rest of the row is imported. */
export type RowError = { line: number; field: string; reason: RowReason; value: string; rejected: boolean };

/** A contact as the file says it, nothing judged but its shape. */
export type RawContact = {
  line: number;
  id: string;
  /** When the site last changed it, as it writes it. */
  updated: string;
  fields: Record<string, { value: string; line: number }>;
  emails: { value: string; primary: boolean; line: number }[];
  subscribes: { topic: string; at: string; proof: string; line: number }[];
  /** Where its organisation begins, even an empty one. */
  organisationLine: number | null;
  role: string;
  /** What the site says is empty, which is more than saying nothing. */
  clears: string[];
  /** Whether what it leaves out is no news; somebody unknown is not made of it. */
  partial: boolean;
  faults: RowError[];
  /** Of its very text, where that is known to be all of it. */
  textHash?: Buffer;
};
