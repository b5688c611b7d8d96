/** A remote site's file, streamed: redirects followed by hand, each one checked like the first. */
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plain,
} from "node:http";
import { request as secure } from "node:https";
import { isIP } from "node:net";
import { checkedLookup, ForbiddenAddress, isPublic } from "#lib/machine/network/private";
import type { Told } from "#lib/sites/sources/decode";
import { limits } from "#lib/sites/sources/format";
import { FileRefused } from "#lib/sites/sources/refusal";

export type Remote = {
  url: string;
  /** What is sent to the site itself, and to no other that it points to: who asks, or proof of it. */
  headers?: Record<string, string>;
  /** « Unless it is as before », said to the address itself: what a redirection leads to is another file. */
  conditions?: Record<string, string>;
  /** Hears the headers of a file that the address itself gave. */
  heard?: (headers: IncomingHttpHeaders) => void;
  /** Whether an IP address may be connected to. */
  allowed: (address: string) => boolean;
  /** Milliseconds without a byte, and in all. */
  idle?: number;
  total?: number;
  /** When to give up for another reason than the site's slowness. */
  signal?: AbortSignal;
};

export const anyAddress = () => true;
export const publicAddress = isPublic;

const maxRedirects = 5;

/**
 * The body of the site's answer, still packed if it came as gzip; `told` hears its charset first. Throws FileRefused with
 * what went wrong; `refused` may say it better of an answer that is not 200.
 */
export async function* fetchFile(
  remote: Remote,
  told: Told = {},
  refused: (response: IncomingMessage) => FileRefused | null = () => null,
): AsyncGenerator<Uint8Array> {
  const slow = AbortSignal.timeout(remote.total ?? 900_000);
  try {
    const abort = AbortSignal.any([slow, ...(remote.signal ? [remote.signal] : [])]);
    const response = await follow(remote, abort, refused);
    if (Number(response.headers["content-length"]) > limits.bytes) {
      response.destroy();
      throw new FileRefused("tooBig", null, { megabytes: limits.bytes / 1048576 });
    }
    told.charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(response.headers["content-type"] ?? "")?.[1];
    yield* response;
  } catch (error) {
    throw slow.aborted ? new FileRefused("timeout") : refusal(error);
  }
}

async function follow(
  remote: Remote,
  abort: AbortSignal,
  refused: (response: IncomingMessage) => FileRefused | null,
): Promise<IncomingMessage> {
  const first = checkedUrl(remote.url, remote);
  let url = first;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    // A token is for the site it was given for, not for wherever that site points.
    const own = url.origin === first.origin ? remote.headers : {};
    const response = await get(url, hop === 0 ? { ...own, ...remote.conditions } : own, remote, abort);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) {
      if (hop === 0) remote.heard?.(headers);
      return response;
    }
    response.destroy();
    if (![301, 302, 303, 307, 308].includes(statusCode) || !headers.location)
      throw (
        refused(response) ?? new FileRefused("httpStatus", null, { status: statusCode, ...waitOf(response) })
      );
    url = checkedUrl(headers.location, remote, url);
  }
  throw new FileRefused("redirects", null, { limit: maxRedirects });
}

/** Longest wait that a site may ask for, in seconds. */
const longestWait = 86_400;

/** What a site that cannot answer now asks for: seconds or a date (RFC 9110, 10.2.3), capped; nothing where it says nothing. */
function waitOf({ statusCode, headers }: IncomingMessage): { retryAfter?: number } {
  const said = headers["retry-after"]?.trim();
  if (!said || (statusCode !== 429 && statusCode !== 503)) return {};
  const now = Date.parse(headers.date ?? "") || Date.now();
  const seconds = /^\d{1,9}$/.test(said) ? Number(said) : Math.ceil((Date.parse(said) - now) / 1000);
  return Number.isNaN(seconds) ? {} : { retryAfter: Math.min(longestWait, Math.max(0, seconds)) };
}

function checkedUrl(text: string, { allowed }: Remote, base?: URL): URL {
  const url = URL.parse(text, base);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) throw new FileRefused("url");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // A literal address is never looked up, so it is checked here.
  if (isIP(host) && !allowed(host)) throw new FileRefused("privateAddress", null, { host });
  return url;
}

function get(
  url: URL,
  own: Record<string, string> = {},
  { allowed, idle = 30_000 }: Remote,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? secure : plain;
  const headers = {
    accept: "application/xml, text/xml, application/json",
    "accept-encoding": "gzip",
    "user-agent": "SRC-CRM/1.0",
    ...own,
  };
  return new Promise((resolve, reject) => {
    const call: ClientRequest = send(
      url,
      { headers, signal, lookup: checkedLookup(allowed), timeout: idle, agent: false },
      resolve,
    );
    call.on("timeout", () => call.destroy(new FileRefused("timeout")));
    call.on("error", reject);
    call.end();
  });
}

function refusal(error: unknown): unknown {
  if (error instanceof FileRefused) return error;
  if (error instanceof ForbiddenAddress)
    return new FileRefused("privateAddress", null, { host: error.message });
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE") return new FileRefused("disconnected");
  return new FileRefused("unreachable", null, { code });
}
