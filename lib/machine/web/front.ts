/** The HTTP server everybody meets: it bounds what is read, says who is asking, and only then lets Next answer. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { plainAddress } from "../network/networks.ts";
import { Bodies, refuse } from "./body.ts";
import { protect } from "./policy.ts";
import { type Addresses, seen } from "./seen.ts";

export type Front = {
  answer: RequestListener;
  /** Asked at each request: Settings may change the public address. */
  addresses: () => Addresses;
  dev?: boolean;
};

/** Idle or dripping connections cost a socket each, and are closed after these times; beyond the maximum new ones are not taken. */
const times = { headersTimeout: 15_000, keepAliveTimeout: 10_000, connectionsCheckingInterval: 2_000 };
const mostConnections = 5_000;
/** A classroom behind one address has thirty browsers of six each. */
const mostOfPeer = 200;
/** Without a byte either way, milliseconds. */
const silence = 120_000;

export function createFront({ answer, addresses, dev = false }: Front): Server {
  const bodies = new Bodies();
  const take = (request: IncomingMessage, response: ServerResponse, proceed = () => {}) => {
    const path = readPath(request.url);
    if (path === null || request.method === "TRACE") return refuse(request, response, 400);
    const foreign = isForeign(request, present(request, addresses()));
    if (foreign) return refuse(request, response, 403);
    protect(request, response, request.headers["x-forwarded-proto"] === "https", dev);
    if (!bodies.admit(request, response, path)) return;
    proceed();
    answer(request, response);
  };
  // Bodies have their own patience, which a large upload does not exhaust.
  // The development server alone has something to upgrade to; elsewhere such a connection would leave all care.
  const options = { ...times, requestTimeout: 0, maxHeaderSize: 16_384, shouldUpgradeCallback: () => dev };
  const server = createServer(options, (request, response) => take(request, response));
  server.on("checkContinue", (request, response) => take(request, response, () => response.writeContinue()));
  server.maxConnections = mostConnections;
  server.maxHeadersCount = 100;
  boundPeers(server, addresses);
  server.timeout = silence;
  const clock = setInterval(() => bodies.check(), 1000).unref();
  server.once("close", () => clearInterval(clock));
  return server;
}

/** A machine that opens more is not one reader: it is let go, and others go on being answered. Proxies speak for many. */
function boundPeers(server: Server, addresses: Front["addresses"]) {
  const open = new Map<string, number>();
  server.on("connection", (socket) => {
    const peer = plainAddress(socket.remoteAddress);
    const n = (open.get(peer) ?? 0) + 1;
    if (n > mostOfPeer && !isOurs(peer) && !addresses().trusted(peer)) return void socket.destroy();
    open.set(peer, n);
    socket.once("close", () => {
      const left = (open.get(peer) ?? 1) - 1;
      if (left > 0) open.set(peer, left);
      else open.delete(peer);
    });
  });
}

/** This machine: its own proxy, which nobody has named yet, or a monitor. */
const isOurs = (peer: string) => peer === "127.0.0.1" || peer === "::1";

/** The path of a request, or null for what is no path or has broken escapes. */
function readPath(url = ""): string | null {
  const path = url.split("?", 1)[0] ?? "";
  try {
    decodeURIComponent(path);
  } catch {
    return null;
  }
  return path.startsWith("/") ? path : null;
}

/** Rewrites what Next, next-auth and our own code read about the caller, over whatever the caller wrote. @returns our origin. */
function present(request: IncomingMessage, addresses: Addresses): string {
  const { headers, socket } = request;
  const { client, scheme, host } = seen(
    { peer: socket.remoteAddress, local: socket.localAddress, headers },
    addresses,
  );
  const asked = headers.host;
  for (const name of Object.keys(headers))
    if (/^(forwarded$|x-forwarded-|x-real-ip$|x-original-|x-rewrite-|x-src-)/.test(name))
      delete headers[name];
  const cookie = withoutTarget(headers.cookie);
  if (cookie) headers.cookie = cookie;
  else delete headers.cookie;
  // A browser that asked for this very host goes on being at home: Next compares the two.
  if (asked && headers.origin && URL.parse(headers.origin)?.host === asked)
    headers.origin = `${scheme}://${host}`;
  headers.host = host;
  headers["x-forwarded-host"] = host;
  headers["x-forwarded-proto"] = scheme;
  headers["x-forwarded-for"] = client;
  headers["x-src-peer"] = client;
  headers["x-src-path"] = request.url ?? "/";
  return `${scheme}://${host}`;
}

/**
 * next-auth remembers where one was going in a cookie, and fails (500, on every page) on one it did not write itself.
 * We always tell it by the address or the form.
 */
const withoutTarget = (cookie = "") =>
  cookie
    .split(";")
    .filter((one) => !/^\s*(__Secure-)?next-auth\.callback-url\s*(=|$)/.test(one))
    .join(";");

/**
 * Something to do that another site's page asks of the reader's browser, which adds its cookies when that site is a
 * neighbour under the university's domain (SameSite does not part those). Programs send neither of these headers.
 */
function isForeign({ method = "GET", headers }: IncomingMessage, own: string): boolean {
  if (["GET", "HEAD", "OPTIONS"].includes(method)) return false;
  const site = headers["sec-fetch-site"];
  if (site === "same-origin" || site === "none") return false;
  return site !== undefined || (headers.origin !== undefined && headers.origin !== own);
}
