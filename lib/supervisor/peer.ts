/**
 * Preloaded (`--import`) into the web process: each request tells, in `x-src-peer`, the address at the other end of
 * its connection. Next keeps a caller's own X-Forwarded-For, so that one cannot say who is asking.
 */
import { type IncomingMessage, Server } from "node:http";

type Emit = (this: Server, event: string, ...given: unknown[]) => boolean;
const emit: Emit = Server.prototype.emit;

Server.prototype.emit = function (event, ...given) {
  if (event === "request" || event === "checkContinue") mark(given[0] as IncomingMessage);
  return emit.call(this, event, ...given);
} satisfies Emit;

/** Whatever the caller wrote there goes, even when the connection is already lost and has no address. */
function mark(request: IncomingMessage) {
  delete request.headers["x-src-peer"];
  const { remoteAddress } = request.socket;
  if (remoteAddress) request.headers["x-src-peer"] = remoteAddress;
}
