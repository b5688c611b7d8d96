/** One SMTP connection to a relay, and the plain truth of what became of each message handed to it. */
import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";

/** Where and how to connect; the password is clear here and nowhere else. */
export type RelayAccess = {
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  username: string;
  password: string;
};

export type Stage = "connect" | "login" | "envelope" | "data";

/**
 * `accepted`: the server took the responsibility. `refused`: it said no, so it has not. `lost`: no answer came;
 * when `begun`, the message may have been taken all the same and must not be sent again blindly.
 */
export type Outcome =
  | { kind: "accepted"; reply: string }
  | { kind: "refused"; stage: Stage; code: number; reply: string }
  | { kind: "lost"; begun: boolean; stage: Stage; reply: string };

export type RelayConnection = {
  send(from: string, to: string, message: Buffer, mayBegin: () => boolean): Promise<Outcome>;
  usable(): boolean;
  close(): void;
};

/** Longest wait for the answer to a message's end: ten minutes is what RFC 5321, section 4.5.3.2.6, asks of us. */
const REPLY_TIMEOUT = 10 * 60_000;
const SETUP_TIMEOUT = 30_000;

type SmtpError = Error & { responseCode?: number; response?: string; command?: string; code?: string };

/** Connects and signs in. @returns the connection, or the outcome that every message would meet. */
export async function openConnection(relay: RelayAccess): Promise<RelayConnection | Outcome> {
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
    (relay.username
      ? await step((done) => smtp.login({ user: relay.username, pass: relay.password }, done), "login")
      : null);
  if (refusal) {
    smtp.close();
    return refusal;
  }
  return {
    send: (from, to, message, mayBegin) => send(smtp, from, to, message, mayBegin),
    usable: () => open && !failure,
    close: () => (open ? smtp.quit() : smtp.close()),
  };
}

function step(run: (done: (error?: Error | null) => void) => void, stage: Stage): Promise<Outcome | null> {
  return new Promise((resolve) => run((error) => resolve(error ? toOutcome(error, stage, false) : null)));
}

function send(
  smtp: SMTPConnection,
  from: string,
  to: string,
  message: Buffer,
  mayBegin: () => boolean,
): Promise<Outcome> {
  let begun = false;
  // Read only once the server has said 354: the first read is the first byte of DATA.
  const body = new Readable({
    read() {
      if (!mayBegin()) return void this.destroy(new Error("lease lost before DATA"));
      begun = true;
      this.push(message);
      this.push(null);
    },
  });
  return new Promise((resolve) => {
    smtp.send({ from, to, size: message.length }, body, (error, info) => {
      // Without its body the open DATA must not be ended: dropping the connection is what cancels it.
      if (error && !begun && !(error as SmtpError).responseCode) smtp.close();
      const outcome: Outcome = error
        ? toOutcome(error, begun ? "data" : "envelope", begun)
        : { kind: "accepted", reply: info?.response ?? "" };
      if (outcome.kind !== "refused") return resolve(outcome);
      clear(smtp, outcome.code).then(() => resolve(outcome));
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

function toOutcome(error: SmtpError, stage: Stage, begun: boolean): Outcome {
  const said = clean(error.response ?? error.message);
  const own = ownRefusals[error.code ?? ""];
  if (error.responseCode) return { kind: "refused", stage, code: error.responseCode, reply: said };
  if (own && !begun)
    return { kind: "refused", stage, code: own.code, reply: `${own.code} ${own.enhanced} ${said}` };
  return { kind: "lost", begun, stage, reply: said };
}

/** What the client refuses by itself, before asking the server: it would never become possible by trying again. */
const ownRefusals: Record<string, { code: number; enhanced: string } | undefined> = {
  // An address this server cannot take (RFC 6531 not offered) or that is none.
  EENVELOPE: { code: 553, enhanced: "5.1.3" },
  EMESSAGE: { code: 552, enhanced: "5.3.4" },
};

/** A server's words as the database can keep them. */
const clean = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 500)
    .toWellFormed();
