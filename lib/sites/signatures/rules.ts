/**
 * How two machines that share a secret prove who speaks: HMAC-SHA256 in hexadecimal over lines, one thing a line. Pure.
 * The host and the path are not signed: proxies change the one, webmasters the other. Headers are `X-SRC-…`, which all
 * servers let through to PHP; `Authorization` is lost by Apache's FPM and CGI.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** Seconds by which the clocks of the two sides may differ. */
export const window = 300;

/** A question to a site: what, from whom on, how many, what is known already; no value holds a line break. */
export type Question = { do: "check" | "page"; after: string; rows: number; seconds: number; known: string };

const hmac = (secret: string, lines: (string | number)[]) =>
  createHmac("sha256", secret).update(lines.join("\n")).digest("hex");

export const signQuestion = (
  secret: string,
  key: string,
  question: Question,
  time: number,
  nonce: string,
): string =>
  hmac(secret, [
    "src-pull-1",
    key,
    "GET",
    question.do,
    question.after,
    question.rows,
    question.seconds,
    question.known,
    time,
    nonce,
  ]);

/** What ends a page: how many people it holds, after whom the next one begins, the state of the whole table. */
export type End = { rows: string; next: string; state: string };

/** Of an answer: bound to the question by its nonce; `document` is all that stands before `<end`. */
export const signAnswer = (secret: string, nonce: string, document: Uint8Array, end: End): string =>
  createHmac("sha256", secret)
    .update(`src-answer-1\n${nonce}\n`)
    .update(document)
    .update(`\n${end.rows}\n${end.next}\n${end.state}`)
    .digest("hex");

/** Sixteen to sixty-four letters or digits that are used once. */
export const isNonce = (text: string) => /^[0-9A-Za-z_-]{16,64}$/.test(text);

/** Something that a site sends or asks of us: its body by its SHA-256, so that it can be judged before it is read. */
export type Delivery = { method: "POST" | "GET"; path: string; bodySha256: string; idempotencyKey: string };

export const signDelivery = (secret: string, delivery: Delivery, time: number, nonce: string): string =>
  hmac(secret, [
    "src-push-1",
    delivery.method,
    delivery.path,
    delivery.bodySha256,
    delivery.idempotencyKey,
    time,
    nonce,
  ]);

/** Whether two signatures are the same, in the same time whatever they are. */
export function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Whether a signed time, in seconds, is now. */
export const isRecent = (time: number, now = Date.now() / 1000) => Math.abs(now - time) <= window;
