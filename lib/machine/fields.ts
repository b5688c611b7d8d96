/** The texts that forms and machines send, as zod types: each comes in by the door of lib/text. */
import { z } from "zod";
import { tidy, tidyLines } from "#lib/machine/text";

/** One line of at most `max` characters; empty when it is not sent. */
export const line = (max: number) =>
  z.string().transform(tidy).pipe(z.string().max(max, "tooLong")).optional().default("");

/** One line that must hold something that can be seen. */
export const requiredLine = (max: number) =>
  z.string("required").transform(tidy).pipe(z.string().min(1, "required").max(max, "tooLong"));

/** Several lines; empty when they are not sent. */
export const lines = (max: number) =>
  z.string().transform(tidyLines).pipe(z.string().max(max, "tooLong")).optional().default("");

/** Empty stays empty; anything else must be accepted, and is kept as accepted. `fault` is a key of the catalog. */
export const accepted = (
  accept: (text: string) => string | null,
  fault: string | ((text: string) => string),
) =>
  line(500).transform((text, context) => {
    const value = text === "" ? "" : accept(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: typeof fault === "string" ? fault : fault(text) });
    return z.NEVER;
  });
