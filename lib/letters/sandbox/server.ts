/**
 * The sandbox relay: a real SMTP server on loopback, one in each worker. Whatever it accepts stays in the
 * application; marked addresses (marks.ts) are refused, or answered in its own mailbox.
 */
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { deliveryOf } from "#lib/letters/deliveries/message-id";
import { announceSandbox, sandboxPort } from "#lib/letters/relays/sandbox-port";
import {
  composeAutoReply,
  composeComplaint,
  composeReply,
  composeUnsubscribe,
} from "#lib/letters/sandbox/letters";
import { type Mark, type MarkKey, markOf } from "#lib/letters/sandbox/marks";
import { type Original, readOriginal } from "#lib/letters/sandbox/original";
import { composeReport } from "#lib/letters/sandbox/reports";
import { type Kept, openStore } from "#lib/letters/sandbox/store";
import { log } from "#lib/machine/log";
import { fieldOf, readHead } from "#lib/machine/mime/head";

export type Sandbox = { port: number; close(): Promise<void> };

const maxBytes = 30 * 1024 * 1024;

/** Starts the sandbox of a relay on loopback. A taken port gives another: the workers of one machine each have theirs. */
export async function startSandbox(relayId: number, options: { port?: number } = {}): Promise<Sandbox> {
  const store = openStore(relayId);
  const heard = new Set<string>();
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    banner: "bac a sable: rien ne part",
    size: maxBytes,
    logger: false,
    closeTimeout: 2_000,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? "sandbox" }),
    onRcptTo: ({ address }, session, done) => done(refusal(address, session, heard)),
    onData: (stream, session, done) => {
      receive(stream, session, store).then(
        (count) => done(null, `2.0.0 Ok: queued in the sandbox (${count})`),
        (error: unknown) =>
          done(error instanceof Refusal ? error : new Refusal(451, "4.3.0 Mail not kept, please try again")),
      );
    },
  });
  // A client that hangs up mid-command is its own affair; the sender sees it on its side.
  server.on("error", (error: Error) => log.debug({ err: error }, "sandbox connection"));
  const port = await listen(server, options.port ?? 0).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE" || !options.port) throw error;
    return listen(server, 0);
  });
  const sandbox: Sandbox = {
    port,
    close: () =>
      new Promise((resolve) => {
        if (sandboxPort() === port) announceSandbox(null);
        server.close(() => resolve());
      }),
  };
  announceSandbox(port);
  return sandbox;
}

function listen(server: SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const { server: socket } = server;
    socket.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      socket.off("error", reject);
      const address = socket.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

class Refusal extends Error {
  readonly responseCode: number;

  constructor(code: number, text: string) {
    super(text);
    this.responseCode = code;
  }
}

function refusal(address: string, session: SMTPServerSession, heard: Set<string>): Refusal | null {
  const mark = markOf(address);
  if (mark?.when !== "refused") return null;
  if (mark.onlyFirst) {
    const sender = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
    const key = `${sender}\n${address.toLowerCase()}`;
    // Told once, then accepted; told again the next time.
    if (heard.delete(key)) return null;
    heard.add(key);
  }
  return new Refusal(mark.code, mark.text);
}

async function receive(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  store: ReturnType<typeof openStore>,
): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
  if (stream.sizeExceeded) throw new Refusal(552, "5.3.4 Message size exceeds fixed limit");
  const raw = Buffer.concat(chunks);
  const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
  const rows = session.envelope.rcptTo.flatMap(({ address }) => consequences(raw, from, address));
  await store.keep(rows);
  return rows.length;
}

/** The mail itself and what comes back for it: kept together or not at all. */
function consequences(raw: Buffer, from: string, recipient: string): Kept[] {
  const original = readOriginal(raw, from, recipient);
  const delivery = deliveryOf(original.messageId);
  const sent = keptAs("sent", original.envelopeFrom, recipient, raw, original.messageId);
  const answer = answerTo(markOf(recipient), original);
  const kept = answer ? [sent, keptAs("inbox", recipient, from, answer, "")] : [sent];
  return kept.map((row) => ({ ...row, delivery }));
}

function keptAs(
  folder: Kept["folder"],
  envelopeFrom: string,
  recipient: string,
  raw: Buffer,
  messageId: string,
): Omit<Kept, "delivery"> {
  const clean = (text: string) => text.replaceAll("\0", "").toWellFormed();
  return {
    folder,
    envelopeFrom: clean(envelopeFrom),
    recipient: clean(recipient),
    subject: fieldOf(readHead(raw), "subject"),
    messageId: clean(messageId),
    raw,
  };
}

const answers: Partial<Record<MarkKey, (original: Original) => Buffer>> = {
  "rebond-dur": (original) => composeReport("hard", original),
  "rebond-mou": (original) => composeReport("soft", original),
  "rebond-blocage": (original) => composeReport("blocked", original),
  retard: (original) => composeReport("delayed", original),
  reponse: composeReply,
  absent: composeAutoReply,
  plainte: composeComplaint,
  desabonne: composeUnsubscribe,
};

/** A mail with a null sender is never answered (RFC 3834, section 2). */
function answerTo(mark: Mark | null, original: Original): Buffer | null {
  if (!mark || original.envelopeFrom === "") return null;
  return answers[mark.key]?.(original) ?? null;
}
