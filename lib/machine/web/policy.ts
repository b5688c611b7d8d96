/** What browsers are told to refuse on our pages. A route that says more of itself (`/en-ligne`, pictures) keeps its own words. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** A nonce a page: Next reads it in the request's own header and puts it on its scripts. */
export function protect(request: IncomingMessage, response: ServerResponse, secure: boolean, dev: boolean) {
  const policy = contentPolicy(randomBytes(16).toString("base64"), dev);
  request.headers["content-security-policy"] = policy;
  delete request.headers["content-security-policy-report-only"];
  const headers = {
    "Content-Security-Policy": policy,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    ...(secure && { "Strict-Transport-Security": "max-age=31536000" }),
  };
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
  response.writeHead = (...given: unknown[]) => {
    for (const [name, value] of Object.entries(headers))
      if (!response.hasHeader(name)) response.setHeader(name, value);
    return writeHead(...given);
  };
}

/**
 * Styles and pictures stay open: the previews of letters are frames that inherit this policy (`srcdoc`), and letters
 * have inline styles and pictures from anywhere. The frames are sandboxed without scripts besides.
 */
function contentPolicy(nonce: string, dev: boolean): string {
  return [
    "default-src 'self'",
    // The development server evaluates modules as they change.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: http: https:",
    "font-src 'self' data:",
    `connect-src 'self'${dev ? " ws: wss:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
