/**
 * Libraries print what they meet as it is, with the address that was asked for, or somebody's, in it. In a process of
 * ours it goes through the logger, which masks them.
 */
import { format } from "node:util";
import { describeError, log } from "#lib/machine/log";

type Printed = "error" | "warn" | "info" | "log" | "debug" | "trace";
const levels = {
  error: "error",
  warn: "warn",
  info: "info",
  log: "info",
  debug: "debug",
  trace: "debug",
} as const;

/** Call once, before anything else is loaded. */
export function logConsole(): void {
  for (const [method, level] of Object.entries(levels) as [Printed, (typeof levels)[Printed]][])
    console[method] = (...said: unknown[]) => {
      const thrown = said.find((one) => one instanceof Error);
      const words = said.map((one) => (one instanceof Error ? one.name : one));
      log[level]({ ...(thrown && { err: thrown }) }, describeError(format(...words)).message);
    };
}

/** What nobody caught ends the process, as Node wants it, but is said by the logger. Next has listeners of its own. */
export function logEnd(): void {
  const end = (what: string) => (err: unknown) => {
    log.fatal({ err }, what);
    process.exit(1);
  };
  process.on("uncaughtException", end("uncaught"));
  process.on("unhandledRejection", end("unhandled rejection"));
}
