import { z } from "zod";
import { rowId } from "#lib/machine/asked";

/** What was found at the record's name: keys of `dkim.results`. */
export const checkResults = ["right", "absent", "other", "unreachable"] as const;
export type CheckResult = (typeof checkResults)[number];

/** RSA of 2048 bits for everybody; Ed25519 beside it, short enough for any DNS panel, for those that read RFC 8463. */
export const algorithms = ["rsa", "ed25519"] as const;
export type Algorithm = (typeof algorithms)[number];

export const keyInput = z.object({ id: rowId() });
export const domainInput = z.object({
  algorithm: z.enum(algorithms).default("rsa"),
  domain: z
    .string()
    .trim()
    .toLowerCase()
    .max(253, "tooLong")
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, "domain"),
});

export const ownDomain = domainInput.pick({ domain: true });
