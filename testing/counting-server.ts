/** For tests and measurements: a real SMTP server on loopback that counts what it accepted, by recipient. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export type CountingServer = {
  port: number;
  /** Accepted messages by recipient. */
  accepted: Map<string, number>;
  /** Recipients named at RCPT, taken or not. */
  named: Set<string>;
  /** Message-IDs accepted. */
  ids: Set<string>;
  /** The last message accepted, whole. */
  last: () => string;
  close(): Promise<void>;
};

type Behaviour = {
  /** Refuses a recipient: `[code, text]`. */
  refuse?: (address: string) => [number, string] | null;
  /** Milliseconds between the end of DATA and the answer. */
  delay?: () => number;
  /** False: it does not announce SMTPUTF8. */
  smtpUtf8?: boolean;
};

export async function startCountingServer(behaviour: Behaviour = {}): Promise<CountingServer> {
  const accepted = new Map<string, number>();
  const ids = new Set<string>();
  const named = new Set<string>();
  let last = "";
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    hideSMTPUTF8: behaviour.smtpUtf8 === false,
    logger: false,
    onRcptTo: ({ address }, _, done) => {
      named.add(address);
      const refusal = behaviour.refuse?.(address);
      done(refusal ? Object.assign(new Error(refusal[1]), { responseCode: refusal[0] }) : null);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        last = Buffer.concat(chunks).toString("utf8");
        for (const { address } of session.envelope.rcptTo)
          accepted.set(address, (accepted.get(address) ?? 0) + 1);
        ids.add(/^Message-ID: *(\S+)/im.exec(last)?.[1] ?? "");
        const wait = behaviour.delay?.() ?? 0;
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        done(null, "2.0.0 Ok");
      });
    },
  });
  // A client killed in mid-sentence is what these tests are about.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    accepted,
    named,
    ids,
    last: () => last,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
