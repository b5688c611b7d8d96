/** One SMTP connection to a relay, and the plain truth of what became of each message handed to it. */
import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import XOAuth2 from "nodemailer/lib/xoauth2";
import type { Message } from "#lib/letters/relays/message";
import {
  isAccented,
  type Outcome,
  outcomesOf,
  type SmtpError,
  type Stage,
  stageOf,
  toOutcome,
} from "#lib/letters/relays/outcome";
import { env } from "#lib/machine/env";
import { isLoopback } from "#lib/machine/network/loopback";

/** Where and how to connect; the secret is clear here and nowhere else. No username: no login. */
export type RelayAccess = {
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  username: string;
} & ({ password: string } | TokenLogin);

/** `renew` answers another token than the one refused; `revoked` hears that even a new one was. */
export type TokenLogin = {
  accessToken: string;
  renew(refused: string): Promise<string>;
  revoked(refused: string): Promise<void>;
};

export type RelayConnection = {
  /** One outcome each, in their order: the server may refuse some and take the message for the others. */
  send(from: string, to: readonly string[], message: Message, mayBegin: () => boolean): Promise<Outcome[]>;
  usable(): boolean;
  close(): void;
};

const REPLY_TIMEOUT = env.replySeconds * 1000;
const SETUP_TIMEOUT = Math.min(30_000, REPLY_TIMEOUT);

type Envelope = { from: string; to: string[]; size: number; rejectedErrors?: SmtpError[] };

/** Connects and signs in; a token that is refused is renewed once. @returns the connection, or the outcome that every message would meet. */
export async function openConnection(relay: RelayAccess): Promise<RelayConnection | Outcome> {
  if (relay.username && relay.security === "none" && !isLoopback(relay.host)) return inClear;
  const opened = await connectWith(relay);
  if (!("accessToken" in relay) || !isRefusedLogin(opened)) return opened;
  // Whoever has no other token has paused the relay already: here, only nothing was said.
  const accessToken = await relay.renew(relay.accessToken).catch(() => null);
  if (!accessToken) return { kind: "lost", begun: false, stage: "login", reply: "no access token" };
  const again = await connectWith({ ...relay, accessToken });
  if (isRefusedLogin(again)) await relay.revoked(accessToken).catch(() => {});
  return again;
}

/** A secret is not said where others may hear it (RFC 4954, section 4, and code 538). */
const inClear: Outcome = {
  kind: "refused",
  stage: "login",
  code: 538,
  reply: "538 5.7.11 Encryption required for login: nothing was sent",
};

const isRefusedLogin = (opened: RelayConnection | Outcome) =>
  "kind" in opened && opened.kind === "refused" && opened.stage === "login" && opened.code >= 500;

async function connectWith(relay: RelayAccess): Promise<RelayConnection | Outcome> {
  const smtp = new SMTPConnection({
    host: relay.host,
    port: relay.port,
    secure: relay.security === "tls",
    requireTLS: relay.security === "starttls",
    ignoreTLS: relay.security === "none",
    connectionTimeout: SETUP_TIMEOUT,
    greetingTimeout: SETUP_TIMEOUT,
    socketTimeout: REPLY_TIMEOUT,
  });
  let failure: SmtpError | undefined;
  smtp.on("error", (error: SmtpError) => {
    failure ??= error;
  });
  let open = true;
  smtp.on("end", () => {
    open = false;
  });
  const refusal =
    (await step((done) => {
      // A server that closes during set-up reports through the event, not the callback.
      smtp.once("error", done);
      smtp.connect(done);
    }, "connect")) ??
    (relay.username ? await step((done) => smtp.login(credentials(relay), done), "login") : null);
  if (refusal) {
    smtp.close();
    return refusal;
  }
  return {
    send: async (from, to, message, mayBegin) => {
      const able = offers(smtp, "SMTPUTF8") ? to : to.filter((one) => !isAccented(one));
      const told = able.length === 0 ? new Map() : await send(smtp, from, able, message, mayBegin);
      return to.map((one) => told.get(one) ?? notOffered);
    },
    usable: () => open && !failure,
    close: () => (open ? smtp.quit() : smtp.close()),
  };
}

/** What the answer to EHLO announced. */
const offers = (smtp: SMTPConnection, extension: string) =>
  (smtp as unknown as { _supportedExtensions: string[] })._supportedExtensions.includes(extension);

/** Sent raw, the address would be another one for some servers and a protocol error for others (RFC 6531, 3.1). */
const notOffered: Outcome = {
  kind: "refused",
  stage: "envelope",
  code: 553,
  reply: "553 5.6.7 Not offered: the server does not announce SMTPUTF8, which this address needs",
};

function credentials(relay: RelayAccess) {
  const user = relay.username;
  if (!("accessToken" in relay)) return { user, pass: relay.password };
  const { accessToken } = relay;
  // Asked for another token, after a 334 that says this one is bad: the answer is the refusal, and ours to act on.
  const provisionCallback: XOAuth2.Options["provisionCallback"] = (_, __, done) =>
    done(Object.assign(new Error("535 5.7.8 The access token was refused"), { responseCode: 535 }));
  return { user, oauth2: new XOAuth2({ user, accessToken, provisionCallback }) };
}

function step(run: (done: (error?: Error | null) => void) => void, stage: Stage): Promise<Outcome | null> {
  return new Promise((resolve) => run((error) => resolve(error ? toOutcome(error, stage, false) : null)));
}

function send(
  smtp: SMTPConnection,
  from: string,
  to: readonly string[],
  message: Message,
  mayBegin: () => boolean,
): Promise<Map<string, Outcome>> {
  let begun = false;
  const pieces = message.pieces()[Symbol.asyncIterator]();
  // Read only once the server has said 354: the first read is the first byte of DATA.
  const body = new Readable({
    read() {
      if (!begun && !mayBegin()) return void this.destroy(new Error("lease lost before DATA"));
      // nodemailer takes any 2xx for the go-ahead; from a server out of step it is the answer to something else.
      if (!begun && !/^354/.test(String((smtp as { lastServerResponse?: unknown }).lastServerResponse)))
        return void this.destroy(new Error("no 354 before DATA"));
      begun = true;
      // With its end: one write instead of two for each mail.
      if (message.whole) {
        this.push(message.whole);
        this.push(null);
        return;
      }
      pieces.next().then(
        ({ done, value }) => this.push(done ? null : value),
        (error: Error) => {
          // Ours to read and not read: its end was never said, so the server has not taken it.
          begun = false;
          this.destroy(error);
        },
      );
    },
  });
  return new Promise((resolve) => {
    // nodemailer keeps in it whom the server refused at RCPT; its error of a message that is lost after that tells none of them.
    const envelope: Envelope = { from, to: [...to], size: message.size };
    smtp.send(envelope, body, (error, info) => {
      // Without its body the open DATA must not be ended: dropping the connection is what cancels it.
      if (error && ((error as SmtpError).responseCode ?? 0) < 400) smtp.close();
      const outcome: Outcome = error
        ? toOutcome(error, begun ? "data" : stageOf(error, to), begun)
        : { kind: "accepted", reply: info?.response ?? "" };
      // Before DATA they may all be refused for what was said to MAIL FROM.
      const refused = begun ? envelope.rejectedErrors : (error as SmtpError | null)?.rejectedErrors;
      const outcomes = outcomesOf(to, outcome, refused ?? []);
      if (outcome.kind !== "refused") return resolve(outcomes);
      clear(smtp, outcome.code).then(() => resolve(outcomes));
    });
  });
}

/** After a refusal the server still holds the sender: without RSET the next message would be refused for this one's fault. */
function clear(smtp: SMTPConnection, code: number): Promise<void> {
  if (code === 421) {
    smtp.close();
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    // A connection that dies here answers nothing.
    smtp.once("end", resolve);
    smtp.reset((error) => {
      if (error) smtp.close();
      smtp.off("end", resolve);
      resolve();
    });
  });
}
