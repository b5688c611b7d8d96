import { AccessFault } from "#lib/letters/relays/oauth";
import type { FailureKey } from "#lib/letters/relays/schema";

/** Why a mail server could not be reached, as a key of the catalog (`relays.failures`): never the exception's words. */

type NetworkError = Error & {
  code?: string;
  responseCode?: number;
  authenticationFailed?: boolean;
  tlsFailed?: boolean;
  mailboxMissing?: boolean;
  serverResponseCode?: string;
  _err?: Error;
  cause?: unknown;
};

const certificate =
  /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)/;

/** Reads what nodemailer, imapflow and Node's own sockets throw. */
export function failureOf(thrown: unknown): FailureKey {
  if (!(thrown instanceof Error)) return "unknown";
  if (thrown instanceof AccessFault) return thrown.reason;
  const error = thrown as NetworkError;
  const codes = [
    error.code,
    (error.cause as NetworkError)?.code,
    (error._err as NetworkError | undefined)?.code,
  ].filter((code) => typeof code === "string");
  const is = (pattern: RegExp) => codes.some((code) => pattern.test(code));
  if (is(/^EINCLEAR$/)) return "inClear";
  if (error.authenticationFailed || is(/^EAUTH$/) || [530, 534, 535, 538].includes(error.responseCode ?? 0))
    return "auth";
  if (error.mailboxMissing || error.serverResponseCode === "NONEXISTENT") return "folder";
  if (is(/^(?:ENOTFOUND|EAI_AGAIN|EDNS|ENODATA)$/)) return "dns";
  if (is(certificate) || /certificate|self[- ]signed|altnames?/i.test(error.message)) return "certificate";
  if (is(/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/) || /ECONNREFUSED/.test(error.message))
    return "refused";
  if (
    is(/^(?:ETIMEDOUT|ETIMEOUT|CONNECT_TIMEOUT|GREETING_TIMEOUT|UPGRADE_TIMEOUT|ESOCKETTIMEDOUT)$/) ||
    /timed? ?out/i.test(error.message)
  )
    return "timeout";
  if (
    error.tlsFailed ||
    is(/^(?:ETLS|ERR_SSL_|EPROTO|ERR_TLS)/) ||
    /\bSSL\b|wrong version number|STARTTLS/i.test(error.message)
  )
    return "tls";
  if (error.responseCode && error.responseCode >= 400) return "rejected";
  if (is(/^(?:EPROTOCOL|InvalidResponse|ParserError|MissingTag)/) || /invalid greeting/i.test(error.message))
    return "notMail";
  if (is(/^(?:ECONNRESET|ECONNECTION|EPIPE|NoConnection|EConnectionClosed|ClosedAfterConnect|ESOCKET)/))
    return "lost";
  return "unknown";
}
