/** Speaking to an authorization server (RFC 6749, sections 4.1 and 6): from this machine, and only where it may go. */
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { isIP } from "node:net";
import { z } from "zod";
import { isEndpoint } from "#lib/letters/relays/schema";
import { checkedLookup, isPublic } from "#lib/machine/network/private";

export type TokenEndpoint = {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  /** Whether the endpoint may be on a private network or on this machine. */
  allowPrivate: boolean;
};

/**
 * `refused`: the server understood and said no; the same question would get the same answer. `unavailable`: it did not
 * answer, or not now.
 */
export type Granted = Extract<TokenAnswer, { kind: "granted" }>;
type TokenAnswer =
  | { kind: "granted"; accessToken: string; expiresIn: number; refreshToken: string | null }
  | { kind: "refused"; error: string }
  | { kind: "unavailable"; error: string };

const patience = 15_000;
const maxAnswer = 64 * 1024;

const grantedAnswer = z.object({
  access_token: z
    .string()
    .min(1)
    .max(8_000)
    .regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().int().min(1).max(10_000_000).default(3_600),
  refresh_token: z.string().min(1).max(8_000).optional(),
});
const refusedAnswer = z.object({ error: z.string() });

/** Codes of RFC 6749, section 5.2, and Google's, that time does not cure. */
const finalErrors = new Set([
  "invalid_grant",
  "invalid_client",
  "unauthorized_client",
  "invalid_request",
  "invalid_scope",
  "unsupported_grant_type",
  "access_denied",
  "deleted_client",
  "disabled_client",
  "redirect_uri_mismatch",
]);

/** Exchanges a code, or renews an access: `parameters` says which. Never throws. */
export async function requestToken(
  endpoint: TokenEndpoint,
  parameters: Record<string, string>,
): Promise<TokenAnswer> {
  if (!mayReach(endpoint)) return { kind: "unavailable", error: "address not allowed" };
  const body = new URLSearchParams({
    ...parameters,
    client_id: endpoint.clientId,
    ...(endpoint.clientSecret && { client_secret: endpoint.clientSecret }),
  }).toString();
  try {
    return answerOf(await post(new URL(endpoint.tokenUrl), body, endpoint.allowPrivate));
  } catch (error) {
    return { kind: "unavailable", error: (error as NodeJS.ErrnoException).code ?? "network" };
  }
}

/** A literal address is never looked up, so it is checked here; names are checked as they resolve. */
function mayReach({ tokenUrl, allowPrivate }: TokenEndpoint): boolean {
  if (!isEndpoint(tokenUrl, allowPrivate)) return false;
  const host = new URL(tokenUrl).hostname.replace(/^\[|\]$/g, "");
  return allowPrivate || isIP(host) === 0 || isPublic(host);
}

function answerOf({ status, text }: { status: number; text: string }): TokenAnswer {
  const json = parsed(text);
  if (status === 200) {
    const granted = grantedAnswer.safeParse(json);
    if (!granted.success) return { kind: "unavailable", error: "not a token" };
    const { access_token: accessToken, expires_in: expiresIn, refresh_token } = granted.data;
    return { kind: "granted", accessToken, expiresIn, refreshToken: refresh_token ?? null };
  }
  const error = refusedAnswer.safeParse(json).data?.error ?? "";
  if ([400, 401, 403].includes(status) && finalErrors.has(error)) return { kind: "refused", error };
  return { kind: "unavailable", error: `HTTP ${status}` };
}

/** No redirection is followed: a secret is for the address it was given for. */
function post(url: URL, body: string, allowPrivate: boolean): Promise<{ status: number; text: string }> {
  const send = url.protocol === "https:" ? secure : plain;
  const allowed = allowPrivate ? () => true : isPublic;
  const headers = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    "content-length": Buffer.byteLength(body),
  };
  const signal = AbortSignal.timeout(patience);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const call = send(
    url,
    { method: "POST", headers, signal, lookup: checkedLookup(allowed), agent: false },
    (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxAnswer) response.destroy(new Error("answer too long"));
        else chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
    },
  );
  call.on("error", reject);
  call.end(body);
  return promise;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
