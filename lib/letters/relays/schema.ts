import { z } from "zod";
import { rowId } from "#lib/machine/asked";
import { isLoopback } from "#lib/machine/network/loopback";
import { tidy } from "#lib/machine/text";

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
  "inClear",
  "not-connected",
  "access-revoked",
  "token-unavailable",
  "unknown",
] as const;
export type FailureKey = (typeof failureKeys)[number];

const foldersOf = (text: string) => [
  ...new Set(
    text
      .split("\n")
      .map(tidy)
      .filter((name) => name !== ""),
  ),
];

const id = rowId();
const text = (max: number) => z.string().overwrite(tidy).max(max, "tooLong");
const port = z.coerce.number({ message: "port" }).int("port").min(1, "port").max(65_535, "port");
const host = text(253).regex(/^$|^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^[0-9a-f:]+$/i, "host");
/** Left empty: no limit of this kind. */
const limit = z
  .union([
    z.literal("").transform(() => null),
    z.coerce.number({ message: "limit" }).int("limit").min(1, "limit").max(1_000_000, "limit"),
  ])
  .default(null);

/** Whether the relay signs in with a password (or not at all), or with a token its owner granted. */
export const logins = ["password", "oauth"] as const;

const endpoint = text(500).regex(/^$|^https?:\/\/[^\s#@]+$/i, "endpoint");

const oauthInput = {
  login: z.enum(logins).default("password"),
  oauthClientId: text(300).default(""),
  /** Empty keeps the one that is sealed. */
  oauthClientSecret: z.string().trim().max(500, "tooLong").default(""),
  oauthAuthorizeUrl: endpoint.default(""),
  oauthTokenUrl: endpoint.default(""),
  oauthScope: text(500).default(""),
  oauthPrivate: z.stringbool().optional().default(false),
};

export const relayInput = z
  .object({
    ...oauthInput,
    id: id.optional(),
    name: text(80).min(1, "required"),
    host: host.min(1, "required"),
    port,
    security: z.enum(securities),
    username: text(200),
    /** Empty keeps the password that is sealed. */
    password: z.string().max(500, "tooLong").default(""),
    maxConnections: z.coerce
      .number({ message: "connections" })
      .int("connections")
      .min(1, "connections")
      .max(50, "connections"),
    perMinute: limit,
    perHour: limit,
    perDay: limit,
    imapHost: host,
    imapPort: port,
    imapSecurity: z.enum(securities),
    /** Both servers take the same login, asked once. */
    imapSame: z.literal("yes").optional(),
    imapUsername: text(200).default(""),
    imapPassword: z.string().max(500, "tooLong").default(""),
    imapFolder: text(200),
    /** Read too: the account's junk, and the folders named here, one a line. */
    imapJunk: z.stringbool().optional().default(false),
    imapMore: z
      .string()
      .max(2_500, "tooLong")
      .default("")
      .transform(foldersOf)
      .refine((names) => names.length <= 10, "tooManyFolders")
      .refine((names) => names.every((name) => name.length <= 200), "tooLong"),
    /** Empty: found by itself. */
    sentFolder: text(200).default(""),
    /** Empty: no sender is trusted. */
    authservId: text(253).default(""),
    /** The person read that everything, messages included, travels in clear. */
    inClear: z.literal("yes").optional(),
  })
  .superRefine((input, context) => {
    for (const [path, message] of faults(input)) context.addIssue({ code: "custom", path: [path], message });
  })
  .transform((input) =>
    input.imapSame ? { ...input, imapUsername: input.username, imapPassword: input.password } : input,
  )
  .superRefine(({ imapHost, imapUsername, imapSame }, context) => {
    if (imapHost !== "" && imapUsername === "")
      context.addIssue({
        code: "custom",
        path: [imapSame ? "username" : "imapUsername"],
        message: "required",
      });
  });
export type RelayInput = z.infer<typeof relayInput>;

/** HTTPS, or plain HTTP to this very machine when private networks are allowed; no user name in it. */
export function isEndpoint(text: string, allowPrivate: boolean): boolean {
  const url = URL.parse(text);
  if (!url || url.username || url.password || url.hash) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && allowPrivate && isLoopback(url.hostname));
}

type Checked = Pick<RelayInput, "host" | "security" | "username" | "inClear" | "imapHost" | "imapSecurity"> &
  Pick<
    RelayInput,
    "login" | "oauthClientId" | "oauthAuthorizeUrl" | "oauthTokenUrl" | "oauthScope" | "oauthPrivate"
  >;

/** A secret never leaves this machine in clear; messages do only when somebody says so; a token needs where to get it. */
function* faults(input: Checked): Generator<[string, string]> {
  if (input.security === "none" && !isLoopback(input.host)) {
    if (input.username !== "") yield ["security", "passwordInClear"];
    else if (!input.inClear) yield ["inClear", "confirmInClear"];
  }
  if (input.imapHost !== "" && input.imapSecurity === "none" && !isLoopback(input.imapHost))
    yield ["imapSecurity", "passwordInClear"];
  if (input.login !== "oauth") return;
  for (const name of ["username", "oauthClientId", "oauthScope"] as const)
    if (input[name] === "") yield [name, "required"];
  for (const name of ["oauthAuthorizeUrl", "oauthTokenUrl"] as const)
    if (!isEndpoint(input[name], input.oauthPrivate)) yield [name, "endpoint"];
}

export const relayId = z.object({ id });
/** What a provider gives back to the browser. */
export const authorizationInput = z.object({
  state: z.string().min(1).max(300),
  code: z.string().min(1).max(2_000),
});
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

/** `id` is the identity's. */
export const fallbackInput = z.object({ id, relayId: id });
export const moveInput = fallbackInput.extend({ by: z.enum(["up", "down"]) });

/** Google's endpoints and the one scope that opens SMTP and IMAP; for another provider they are edited. */
const google = {
  authorizeUrl: "https://accounts.google.com/o/oauth2/v2/auth",
  tokenUrl: "https://oauth2.googleapis.com/token",
  scope: "https://mail.google.com/",
};
export const providers = { google };

const gmail = {
  host: "smtp.gmail.com",
  port: 587,
  security: "starttls",
  imapHost: "imap.gmail.com",
  maxConnections: 2,
  perMinute: 20,
  perHour: 100,
  perDay: 400,
} as const;

/** Limits below what the providers allow, since people use the same account by hand (Gmail help 166852 and 176600). */
export const presets = {
  gmail: { ...gmail, login: "password" },
  oauth: { ...gmail, login: "oauth" },
  workspaceRelay: {
    host: "smtp-relay.gmail.com",
    port: 587,
    security: "starttls",
    imapHost: "",
    maxConnections: 3,
    perMinute: 120,
    perHour: 2_000,
    perDay: 9_000,
    login: "password",
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
    login: "password",
  },
  other: {
    host: "",
    port: 587,
    security: "starttls",
    imapHost: "",
    maxConnections: 2,
    perMinute: 60,
    perHour: null,
    perDay: null,
    login: "password",
  },
} as const;
export type PresetKey = keyof typeof presets;
