import { z } from "zod";
import { ContactKind } from "#db/enums";
import { rowId, searched } from "#lib/machine/asked";
import { accepted, line, lines, requiredLine } from "#lib/machine/fields";
import { interestLevels } from "#lib/people/contacts/interest";
import {
  acceptAddress,
  acceptCountry,
  acceptPhone,
  acceptWebsite,
  addressFault,
  isGraduationYear,
} from "#lib/people/contacts/rules";

export const contactKinds = Object.values(ContactKind);
export const contactSorts = ["name", "newest", "year"] as const;
export type ContactSort = (typeof contactSorts)[number];

/** An empty field of a form is no number, not zero. */
export const numberOrNull = (value: unknown) =>
  value === "" || value === undefined || value === null ? null : Number(value);

const year = z.preprocess(
  numberOrNull,
  z
    .number("contacts.errors.invalidYear")
    .refine((value) => isGraduationYear(value), "contacts.errors.invalidYear")
    .nullable(),
);

export const contactInput = z
  .object({
    kind: z.enum(ContactKind, "required"),
    firstName: line(100),
    lastName: requiredLine(100),
    graduationYear: year,
    phone: line(60),
    street: line(300),
    postcode: line(20),
    city: line(100),
    country: accepted(acceptCountry, "contacts.errors.invalidCountry").transform((code) => code || "FR"),
    website: accepted(acceptWebsite, "contacts.errors.invalidWebsite"),
    notes: lines(10_000),
    locale: z.enum(["fr", "en"]).optional().default("fr"),
  })
  .transform((input, context) => {
    const phone = input.phone && acceptPhone(input.phone, input.country, input.postcode);
    if (phone === null)
      context.addIssue({ code: "custom", path: ["phone"], message: "contacts.errors.invalidPhone" });
    return { ...input, phone: phone ?? "" };
  });

export type ContactInput = z.output<typeof contactInput>;

const address = z.string().transform((text, context) => {
  const value = acceptAddress(text);
  if (value !== null) return value;
  context.addIssue({ code: "custom", message: text.trim() ? addressFault(text) : "required" });
  return z.NEVER;
});

const id = rowId();

export const newContact = contactInput.and(z.object({ email: accepted(acceptAddress, addressFault) }));
/** `version` is the updatedAt the form was filled from. */
export const editedContact = contactInput.and(z.object({ id, version: z.coerce.date() }));
export const contactId = z.object({ id });
export const newAddress = z.object({ contactId: id, email: address });
export const correctedAddress = z.object({ id, email: address });
export const addressId = z.object({ id });
export const subscriptionInput = z.object({
  contactId: id,
  topicId: id,
  subscribed: z.stringbool(),
  proof: line(500),
});

/** The address bar of the list; anything odd in it is ignored. */
export const contactSearch = z.object({
  q: searched,
  kind: z.enum(ContactKind).or(z.literal("")).catch(""),
  year: z.coerce.number().int().min(1900).max(2200).or(z.literal("")).catch(""),
  interest: z.enum(["", ...interestLevels]).catch(""),
  state: z.enum(["", "archived"]).catch(""),
  sort: z.enum(contactSorts).catch("name"),
  after: z.string().optional().catch(undefined),
  before: z.string().optional().catch(undefined),
});

export type ContactSearch = z.output<typeof contactSearch>;
