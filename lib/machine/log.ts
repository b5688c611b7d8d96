/** JSON lines on standard output. They carry ids, never addresses or names. */
import pino from "pino";
import { env } from "#lib/machine/env";

export const log = pino({
  level: env.logLevel,
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  serializers: { err: describeError },
});

type Told = {
  message: string;
  type?: string;
  stack?: string;
  code?: unknown;
  constraint?: unknown;
  table?: unknown;
  cause?: string;
};

/**
 * What went wrong and where, without the rest: PostgreSQL quotes the row in `detail`, mail libraries keep the
 * sign-in and the server's words, and either may name a person.
 */
export function describeError(thrown: unknown): Told {
  if (!(thrown instanceof Error)) return { message: masked(String(thrown)) };
  const { code, constraint, table } = thrown as Error & Record<"code" | "constraint" | "table", unknown>;
  return {
    type: thrown.name,
    message: masked(thrown.message),
    stack: masked(thrown.stack ?? ""),
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint, table }),
    ...(thrown.cause instanceof Error && { cause: masked(thrown.cause.message) }),
  };
}

/**
 * In an address of a page, too, where the sign is written %40. Strangers may send words without an end, so each is
 * looked at once, from where it begins, and only the beginning is kept.
 */
const masked = (text: string) =>
  text.replace(addresses, "…@…").slice(0, longest).replace(quoted, "what was sent");
const addresses = /(?<![^\s<>"'(=/])[^\s<>"'(=/]+(?:@|%40)[^\s<>"'(=),;:/]+/gi;
/** JSON.parse quotes what it could not read, forty characters at most: maybe of a password. */
const quoted =
  /(?<=Unexpected token .{1,4}, |^|SyntaxError: )(?:\.{3})?"[\s\S]{0,60}?"(?:\.{3})?(?= is not valid JSON)/gu;
const longest = 8_000;
