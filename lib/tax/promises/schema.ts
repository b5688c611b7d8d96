import { z } from "zod";
import { storable } from "#lib/machine/asked";
import { accepted, requiredLine } from "#lib/machine/fields";
import { acceptAddress, addressFault } from "#lib/people/contacts/rules";
import { digitsOf, isSiret } from "#lib/people/organisations/rules";
import { acceptShare } from "#lib/tax/pledges/rules";

const token = z.string().max(500).default("");

/** What a company promises on /taxe; `masse` and the like are what it computed, taken from the address of the page. */
export const promiseInput = z.object({
  company: requiredLine(200),
  siret: accepted(
    (text) => (isSiret(digitsOf(text)) && /[1-9]/.test(text) ? digitsOf(text) : null),
    "tax.errors.siret",
  ).refine((siret) => siret !== "", "required"),
  email: accepted(acceptAddress, addressFault).refine((email) => email !== "", "required"),
  share: z.string("required").transform((text, context) => {
    const share = acceptShare(text);
    if (share !== null) return share;
    context.addIssue({ code: "custom", message: "tax.errors.share" });
    return z.NEVER;
  }),
  /** A field that nobody sees; programs fill it in. */
  website: z.string().max(0, "tax.errors.robot").default(""),
  /** The personal link of a letter. */
  letter: token,
  masse: z.string().max(60).default(""),
  effectif: z.string().max(60).default(""),
  departement: z.string().max(60).default(""),
  alternants: z.string().max(60).default(""),
});
export type PromiseInput = z.output<typeof promiseInput>;

/** `?lettre=` of the page. */
export const askedLetter = z
  .unknown()
  .optional()
  .transform((value) => storable(String([value].flat()[0] ?? "")).slice(0, 500));

export const confirmInput = z.object({ token });
