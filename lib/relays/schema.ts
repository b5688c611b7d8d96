import { z } from "zod";

export const securities = ["tls", "starttls", "none"] as const;

/** Why a mail server could not be used: keys of `relays.failures`. */
export const failureKeys = [
  "auth",
  "refused",
  "dns",
  "certificate",
  "tls",
  "timeout",
  "folder",
  "lost",
  "notMail",
  "rejected",
  "unknown",
] as const;
export type FailureKey = (typeof failureKeys)[number];

const id = z.coerce.number().int().positive();
const text = (max: number) => z.string().trim().max(max, "tooLong");
const port = z.coerce.number({ message: "port" }).int("port").min(1, "port").max(65_535, "port");
const host = text(253).regex(/^$|^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^[0-9a-f:]+$/i, "host");
/** Left empty: no limit of this kind. */
const limit = z
  .union([
    z.literal("").transform(() => null),
    z.coerce.number({ message: "limit" }).int("limit").min(1, "limit").max(1_000_000, "limit"),
  ])
  .default(null);

export const relayInput = z
  .object({
    id: id.optional(),
    name: text(80).min(1, "required"),
    host: host.min(1, "required"),
    port,
    security: z.enum(securities),
    username: text(200),
    /** Empty keeps the password that is sealed. */
    password: z.string().max(500, "tooLong").default(""),
    maxConnections: z.coerce.number({ message: "limit" }).int("limit").min(1, "limit").max(50, "limit"),
    perMinute: limit,
    perHour: limit,
    perDay: limit,
    imapHost: host,
    imapPort: port,
    imapSecurity: z.enum(securities),
    imapUsername: text(200),
    imapPassword: z.string().max(500, "tooLong").default(""),
    imapFolder: text(200),
  })
  .refine(({ imapHost, imapUsername }) => imapHost === "" || imapUsername !== "", {
    path: ["imapUsername"],
    message: "required",
  });
export type RelayInput = z.infer<typeof relayInput>;

export const relayId = z.object({ id });
export const checkInput = z.object({ id, what: z.enum(["smtp", "imap"]) });

export const identityInput = z.object({
  id: id.optional(),
  relayId: id,
  displayName: text(120)
    .min(1, "required")
    .regex(/^[^\r\n<>"]*$/, "invalid"),
  address: text(254).min(1, "required").pipe(z.email("email")),
  replyTo: z.union([z.literal(""), text(254).pipe(z.email("email"))]).default(""),
});
export type IdentityInput = z.infer<typeof identityInput>;

/** `leave`: the person read that mail will really leave. */
export const defaultInput = z.object({ id, leave: z.literal("yes").optional() });

/** Limits below what the providers allow, since people use the same account by hand (Gmail help 166852). */
export const presets = {
  gmail: {
    host: "smtp.gmail.com",
    port: 587,
    security: "starttls",
    imapHost: "imap.gmail.com",
    maxConnections: 2,
    perMinute: 20,
    perHour: 100,
    perDay: 400,
  },
  workspace: {
    host: "smtp.gmail.com",
    port: 587,
    security: "starttls",
    imapHost: "imap.gmail.com",
    maxConnections: 3,
    perMinute: 60,
    perHour: 600,
    perDay: 1_800,
  },
  university: {
    host: "",
    port: 587,
    security: "starttls",
    imapHost: "",
    maxConnections: 2,
    perMinute: 60,
    perHour: 1_000,
    perDay: 5_000,
  },
} as const;
export type PresetKey = keyof typeof presets;
