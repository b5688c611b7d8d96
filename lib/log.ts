/** JSON lines on standard output. They carry ids, never addresses or names. */
import pino from "pino";
import { env } from "#lib/env";

export const log = pino({
  level: env.logLevel,
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
});
