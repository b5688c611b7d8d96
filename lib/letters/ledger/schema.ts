import { z } from "zod";
import { rowId } from "#lib/machine/asked";

const id = rowId();
/** Left empty: no limit of this kind. */
const limit = z
  .union([
    z.literal("").transform(() => null),
    z.coerce.number({ message: "limit" }).int("limit").min(1, "limit").max(1_000_000, "limit"),
  ])
  .default(null);
const count = (most: number) =>
  z.coerce.number({ message: "count" }).int("count").min(1, "count").max(most, "count");

export const limitsInput = z.object({
  id,
  perMinute: limit,
  perHour: limit,
  perDay: limit,
  maxConnections: count(50),
});
export type LimitsInput = z.infer<typeof limitsInput>;

/** So many messages the first day, and after how many days the limit of the day is reached. */
export const warmUpInput = z.object({ id, from: count(1_000_000), days: count(365) });

export const domainInput = z
  .object({
    id,
    domain: z
      .string()
      .trim()
      .toLowerCase()
      .transform((text) => text.replace(/^@/, ""))
      .pipe(
        z
          .string()
          .max(253, "tooLong")
          .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, "domain"),
      ),
    perMinute: limit,
    perHour: limit,
    perDay: limit,
  })
  .refine(({ perMinute, perHour, perDay }) => perMinute ?? perHour ?? perDay, {
    path: ["perMinute"],
    message: "oneLimit",
  });
export type DomainInput = z.infer<typeof domainInput>;

/** One of the domains a relay knows, as it is written there. */
export const domainName = z.object({ id, domain: z.string().min(1).max(253) });
