import { z } from "zod";
import { storable } from "#lib/machine/asked";
import { acceptAmount, acceptDepartment, acceptPercent } from "./rules.ts";

/** One text out of an address; given twice, the first. */
const typed = z
  .unknown()
  .optional()
  .transform((value) => storable(String([value].flat()[0] ?? "")).slice(0, 60));

const read = <T>(accept: (text: string) => T | null, fault: string) =>
  typed.transform((text, context) => {
    const value = accept(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: fault });
    return z.NEVER;
  });

/** A field that may stay empty. */
const optional = (accept: (text: string) => number | null) => (text: string) =>
  text.trim() === "" ? undefined : accept(text);

/** The address of /taxe: its names are French, as what public addresses say. */
export const visitorInput = z.object({
  masse: read(acceptAmount, "amount"),
  effectif: read(
    (text) => (/^\d{1,7}$/.test(text.replace(/\s/g, "")) ? Number(text.replace(/\s/g, "")) : null),
    "staff",
  ),
  departement: read(acceptDepartment, "department"),
  alternants: read(optional(acceptPercent), "percent"),
});

/** What was typed, to be shown again in the fields. */
export const visitorTyped = z.object({
  masse: typed,
  effectif: typed,
  departement: typed,
  alternants: typed,
});

export type VisitorInput = z.output<typeof visitorInput>;
