import { z } from "zod";
import { rowId } from "#lib/machine/asked";
import { type RuleName, ruleNames } from "./rules.ts";

const amount = z.coerce.number("invalid").int("invalid");

/** One field a rule, named as the rule; bounds are told by the mutation. */
export const retentionInput = z.object(
  Object.fromEntries(ruleNames.map((name) => [name, amount])) as Record<RuleName, typeof amount>,
);

const id = rowId();

export const proposalInput = z.object({ id });
/** Those that the screen showed: a name proposed since is not approved unseen. */
export const proposalsInput = z.object({
  ids: z
    .string()
    .max(2_000)
    .regex(/^\d+(,\d+)*$/)
    .transform((text): unknown[] => text.split(","))
    .pipe(z.array(rowId())),
});

/** Why staff erase somebody; « silence » is the purge's own. */
export const staffWhys = ["request", "useless"] as const;

/** `typed` must be the name as the page shows it: a wrong contact is not erased by two clicks. */
export const erasureInput = z.object({
  id,
  why: z.enum(staffWhys, "required"),
  name: z.string(),
  typed: z.string().trim().min(1, "required"),
});
