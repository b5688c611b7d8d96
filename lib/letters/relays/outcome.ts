/** What a server’s answers, or their absence, say of a message. */

/**
 * How far the conversation was: `connect` is greeting, EHLO and STARTTLS; `sender` MAIL FROM, which does not tell who the
 * recipient is; `envelope` RCPT TO and the word DATA; `data` the end of the message. What each may blame: see stages.ts.
 */
export type Stage = "connect" | "login" | "sender" | "envelope" | "data";

/**
 * `accepted`: the server took the responsibility. `refused`: it said no, so it has not. `lost`: no answer came;
 * when `begun`, the message may have been taken all the same and must not be sent again blindly.
 */
export type Outcome =
  | { kind: "accepted"; reply: string }
  | { kind: "refused"; stage: Stage; code: number; reply: string }
  | { kind: "lost"; begun: boolean; stage: Stage; reply: string };

/** As nodemailer throws it. */
export type SmtpError = Error & {
  responseCode?: number;
  response?: string;
  command?: string;
  code?: string;
  /** Whom it is about, and all those refused at RCPT. */
  recipient?: string;
  rejectedErrors?: SmtpError[];
};

/** What became of the message, but for those whom the server did not take at RCPT. */
export const outcomesOf = (to: readonly string[], outcome: Outcome, refused: readonly SmtpError[]) =>
  new Map(
    to.map((one) => {
      const error = refused.find(({ recipient }) => recipient === one);
      return [one, error ? toOutcome(error, "envelope", false) : outcome] as const;
    }),
  );

/** A letter beyond ASCII before the @ (RFC 6531); the domain is in ASCII already. */
export const isAccented = (address: string) => /[^\0-\x7f]/.test(address.slice(0, address.lastIndexOf("@")));

// An accented recipient is known from MAIL FROM on, by the parameter SMTPUTF8.
export const stageOf = ({ command }: SmtpError, to: readonly string[]): Stage =>
  command === "MAIL FROM" && !to.some(isAccented) ? "sender" : "envelope";

/** `begun`: the message may have reached the server. */
export function toOutcome(error: SmtpError, stage: Stage, begun: boolean): Outcome {
  const said = clean(error.response ?? error.message);
  const own = ownRefusals[error.code ?? ""];
  // Only 4xx and 5xx say no: anything else comes from a server out of step, which may well have taken the message.
  if (error.responseCode && error.responseCode >= 400)
    return { kind: "refused", stage, code: error.responseCode, reply: said };
  if (own && !begun)
    return { kind: "refused", stage, code: own.code, reply: `${own.code} ${own.enhanced} ${said}` };
  return { kind: "lost", begun, stage, reply: said };
}

/** What the client refuses by itself, before asking the server: it would never become possible by trying again. */
const ownRefusals: Record<string, { code: number; enhanced: string } | undefined> = {
  // An address that is none.
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
