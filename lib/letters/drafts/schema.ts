import { z } from "zod";
import { largestId, rowId } from "#lib/machine/asked";
import { line } from "#lib/machine/fields";

/** A letter written by hand goes to so many people at most, each their own; more is a campaign. */
export const mostRecipients = 50;
/** Seconds in which sending may be undone: the letter waits in the queue, whatever becomes of the browser. */
export const undoSeconds = 30;

/** Without scripts no text travels: that is no empty letter. */
const html = z.string("required").max(200_000, "tooLong");

/** Ids of contacts, one or several fields of that name; doubles count once. */
const people = z
  .union([z.string(), z.array(z.string()), z.number()])
  .transform((given) => [...new Set([given].flat().flatMap((one) => String(one).split(",")))].map(Number))
  .pipe(z.array(z.int().positive().max(largestId)).min(1, "required").max(1_000, "tooMany"));

export const startInput = z.object({
  contacts: people,
  /** What it opens on, where a page knows what is to be said. */
  subject: line(250).default(""),
  text: z.string().max(20_000, "tooLong").default(""),
});
export const answerInput = z.object({
  threadId: rowId(),
  all: z.enum(["yes", "no"]).default("no"),
  mailId: rowId().nullable().default(null),
});
export const roles = ["to", "cc", "bcc"] as const;
export type Role = (typeof roles)[number];

/** Somebody of the address book, or an address. */
export const addInput = z
  .object({
    id: rowId(),
    role: z.enum(roles).default("to"),
    contactId: z.union([z.literal("").transform(() => null), rowId()]).default(null),
    address: line(254)
      .default("")
      .refine((given) => given === "" || z.email().safeParse(given).success, "email"),
  })
  .refine(({ contactId, address }) => contactId !== null || address !== "", {
    path: ["contactId"],
    message: "required",
  });
export type AddInput = z.output<typeof addInput>;
export const togetherInput = z.object({ id: rowId(), together: z.enum(["yes", "no"]) });
export const draftId = z.object({ id: rowId() });

const version = z.coerce.number().int().min(0).max(2_147_483_647);
export const draftInput = z.object({
  id: rowId(),
  version,
  identityId: rowId("required"),
  subject: line(250),
  html,
});
export type DraftInput = z.output<typeof draftInput>;

export const sendInput = z.object({
  id: rowId(),
  version,
  /** Wall clock of Paris, from `datetime-local`; empty: now. */
  at: z.union([z.literal(""), z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, "date")]).default(""),
  /** Somebody answered meanwhile, and this is sent all the same, as a word more. */
  more: z.enum(["yes", "no"]).default("no"),
  /** A task for the author so many days after it leaves, which an answer closes; 0: none. */
  remind: z.coerce.number().int().min(0).max(90).default(0),
});
export type SendInput = z.output<typeof sendInput>;
export const signatureInput = z.object({ html: html.pipe(z.string().max(5_000, "tooLong")) });
