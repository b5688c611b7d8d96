import { z } from "zod";
import { AffiliationRole } from "#db/enums";
import { rowId, searched } from "#lib/machine/asked";
import { accepted, line, lines, requiredLine } from "#lib/machine/fields";
import {
  acceptAddress,
  acceptCountry,
  acceptPhone,
  acceptWebsite,
  addressFault,
} from "#lib/people/contacts/rules";
import { numberOrNull } from "#lib/people/contacts/schema";
import { digitsOf, isSiren, isSiret } from "#lib/people/organisations/rules";

export const affiliationRoles = Object.values(AffiliationRole);

const id = rowId();

/** A SIRET brings its SIREN; both may be unknown. */
export const organisationInput = z
  .object({
    name: requiredLine(200),
    siren: accepted(
      (text) => (isSiren(digitsOf(text)) ? digitsOf(text) : null),
      "organisations.errors.invalidSiren",
    ),
    siret: accepted(
      (text) => (isSiret(digitsOf(text)) ? digitsOf(text) : null),
      "organisations.errors.invalidSiret",
    ),
    sector: line(100),
    headcount: z.preprocess(
      numberOrNull,
      z
        .number("organisations.errors.invalidHeadcount")
        .int("organisations.errors.invalidHeadcount")
        .min(0, "organisations.errors.invalidHeadcount")
        .max(5_000_000, "organisations.errors.invalidHeadcount")
        .nullable(),
    ),
    phone: line(60),
    email: accepted(acceptAddress, addressFault),
    website: accepted(acceptWebsite, "contacts.errors.invalidWebsite"),
    street: line(300),
    postcode: line(20),
    city: line(100),
    country: accepted(acceptCountry, "contacts.errors.invalidCountry").transform((code) => code || "FR"),
    notes: lines(10_000),
  })
  .transform((input, context) => {
    const phone = input.phone && acceptPhone(input.phone, input.country, input.postcode);
    if (phone === null)
      context.addIssue({ code: "custom", path: ["phone"], message: "contacts.errors.invalidPhone" });
    const siren = input.siret ? input.siret.slice(0, 9) : input.siren;
    if (input.siren && siren !== input.siren)
      context.addIssue({ code: "custom", path: ["siret"], message: "organisations.errors.otherSiren" });
    return { ...input, phone: phone ?? "", siren: siren || null, siret: input.siret || null };
  });

export type OrganisationInput = z.output<typeof organisationInput>;

export const editedOrganisation = organisationInput.and(z.object({ id, version: z.coerce.date() }));
export const organisationId = z.object({ id });
export const affiliationInput = z.object({
  contactId: rowId("required"),
  organisationId: rowId("required"),
  role: z.enum(AffiliationRole, "required"),
  jobTitle: line(200),
});
export const affiliationId = z.object({ id });

export const organisationSearch = z.object({
  q: searched,
  state: z.enum(["", "archived"]).catch(""),
  after: z.string().optional().catch(undefined),
  before: z.string().optional().catch(undefined),
});

export type OrganisationSearch = z.output<typeof organisationSearch>;
