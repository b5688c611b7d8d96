import { z } from "zod";
import { rowId } from "#lib/machine/asked";
import { accepted, line, lines } from "#lib/machine/fields";
import { acceptAddress, addressFault } from "#lib/people/contacts/rules";

/** What a reader may say is wrong; empty: as it is. */
export const correctionFields = [
  "firstName",
  "lastName",
  "email",
  "phone",
  "street",
  "postcode",
  "city",
] as const;

export const correctionInput = z.object({
  token: z.string().min(1).max(200),
  firstName: line(100),
  lastName: line(100),
  email: accepted(acceptAddress, addressFault),
  phone: line(60),
  street: line(300),
  postcode: line(20),
  city: line(100),
  note: lines(1_000),
});
export type CorrectionInput = Omit<z.output<typeof correctionInput>, "token">;

/** `at`: of the words that were seen; a reader may have written anew since. */
export const correctionDecision = z.object({
  id: rowId(),
  at: z.coerce.date(),
  accepted: z.enum(["yes", "no"]).transform((one) => one === "yes"),
});
