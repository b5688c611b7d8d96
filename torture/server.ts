/**
 * An SMTP server on loopback that counts what it took responsibility for, and misbehaves as told. Written on bare
 * sockets (RFC 5321): a library would answer politely where the point is not to.
 */
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { Conduct, Step } from "./conduct.ts";

/** A message the server of this relay answers for from this instant (milliseconds since 1970). */
export type Taken = { relay: "first" | "spare"; address: string; messageId: string; at: number };

/** What the servers of a round know together. */
export type Books = {
  taken: Taken[];
  /** Addresses refused for good at least once. */
  refused: Set<string>;
};

export type CountingServer = {
  port: number;
  /** Most transactions (MAIL to the answer after DATA) at once. */
  peak: number;
  /** Transactions at this moment. */
  busy(): number;
  connections(): number;
  close(): Promise<void>;
};

export type KeyPair = { key: string; cert: string };
/** The certificate the workers trust, and one they have never seen. */
export type Security = { trusted: KeyPair; unknown: KeyPair };
type Session = { step: Step; inside: boolean; address: string; tail: Buffer[]; secure: boolean };

const END = Buffer.from("\r\n.\r\n");
const HEAD = 4_096;

type Options = {
  relay: Taken["relay"];
  books: Books;
  conduct: Conduct;
  /** Offers STARTTLS. */
  security: Security | null;
  /** Offers AUTH. */
  login: boolean;
  /** Milliseconds between the end of DATA and the answer. */
  thinking: number;
};

/** Starts it on a free port. */
export async function startServer(options: Options): Promise<CountingServer> {
  const context = options.security ? createSecureContext(options.security.trusted) : null;
  const strangers = options.security ? createSecureContext(options.security.unknown) : null;
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true, allowHalfOpen: true });
  const server: CountingServer = {
    port: 0,
    peak: 0,
    busy: () => busy,
    connections: () => sockets.size,
    close: () => closeAll(listener, sockets),
  };
  let busy = 0;
  const count = (session: Session, inside: boolean) => {
    if (session.inside === inside) return;
    session.inside = inside;
    busy += inside ? 1 : -1;
    server.peak = Math.max(server.peak, busy);
  };

  listener.on("connection", (socket) => {
    sockets.add(socket);
    const session: Session = { step: "banner", inside: false, address: "", tail: [], secure: false };
    socket.once("close", () => {
      sockets.delete(socket);
      count(session, false);
    });
    converse(socket, session, { ...options, count, context, strangers });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  server.port = typeof address === "object" && address ? address.port : 0;
  return server;
}

type House = Options & {
  count: (session: Session, inside: boolean) => void;
  context: SecureContext | null;
  strangers: SecureContext | null;
};

/** One connection, in plain text or inside TLS. */
function converse(socket: Socket, session: Session, house: House) {
  let line = "";
  let silent = false;
  const { relay, books, conduct, count } = house;
  socket.on("error", () => {});
  // The client is gone: what it left half said is not a message.
  socket.on("end", () => socket.end());

  const say = (reply: string) => {
    if (silent || socket.destroyed || !socket.writable) return;
    socket.write(`${reply}\r\n`);
    if (reply.startsWith("421")) socket.end();
  };
  /** Does what was told instead of `usual`, or `usual`. `take` is the moment of responsibility at the end of DATA. */
  const answer = (step: Step, usual: () => void, take?: () => void) => {
    const act = conduct.decide(step, session.address);
    if (!act) return usual();
    if (act.kind === "say") {
      if (act.reply.startsWith("5") && conduct.refusal(step, session.address) === act.reply)
        books.refused.add(session.address);
      // After a refused RCPT or DATA the server still holds the sender: over at RSET.
      if (step === "mail" || step === "end") count(session, false);
      say(act.reply);
      return void (step === "banner" && socket.end());
    }
    if (act.kind === "garble") return void socket.end("220 2.0.0 Ready\r\n\u0016\u0003 no handshake\r\n");
    if (act.kind === "stranger") return house.strangers ? handshake(house.strangers) : usual();
    // A server is answerable from the end of DATA on, or only once it says so: both exist.
    if (act.taken) take?.();
    if (act.kind === "wait") return void setTimeout(() => !socket.destroyed && usual(), act.milliseconds);
    if (act.kind === "drop") return void socket.destroy();
    silent = true;
    if (act.kind === "halfClose") socket.end();
  };

  const handshake = (secureContext: SecureContext) => {
    socket.write("220 2.0.0 Ready to start TLS\r\n");
    socket.off("data", onData);
    session.secure = true;
    converse(new TLSSocket(socket, { isServer: true, secureContext }), session, house);
  };
  const endOfData = () => {
    const message = Buffer.concat(session.tail).subarray(0, HEAD).toString("latin1");
    session.tail = [];
    session.step = "mail";
    let taken = false;
    const take = () => {
      if (taken) return;
      taken = true;
      const messageId = /^Message-ID: *(\S+)/im.exec(message)?.[1] ?? "";
      books.taken.push({ relay, address: session.address, messageId, at: now() });
    };
    const accept = () => {
      if (socket.destroyed) return;
      take();
      count(session, false);
      say("250 2.0.0 OK");
      if (conduct.hangUps > 0) {
        conduct.hangUps--;
        socket.end();
      }
    };
    const think = () => {
      // Answerable for every other message from now on, for the rest only once it says so.
      if (books.taken.length % 2 === 0) take();
      setTimeout(accept, house.thinking);
    };
    answer("end", think, take);
  };

  const onData = (chunk: Buffer) => {
    if (session.step === "body") return receive(chunk);
    line += chunk.toString("latin1");
    for (let at = line.indexOf("\n"); at >= 0; at = line.indexOf("\n")) {
      const command = line.slice(0, at).trim();
      line = line.slice(at + 1);
      obey(command);
    }
  };
  const receive = (chunk: Buffer) => {
    if (session.tail.length === 0 && conduct.decide("body", session.address)) return void socket.destroy();
    session.tail.push(chunk);
    // The end may arrive in two pieces.
    if (chunk.length < END.length) session.tail = [Buffer.concat(session.tail)];
    if (session.tail.at(-1)?.subarray(-END.length).equals(END)) endOfData();
  };

  const commands: Record<string, (command: string) => void> = {
    ehlo: () => answer("ehlo", () => say(greeting(session, house))),
    // Refused EHLO, a client falls back on it: a server that wants nobody refuses both.
    helo: () => answer("ehlo", () => say("250 server.example")),
    starttls: () =>
      answer("starttls", () => {
        if (!house.context) return say("502 5.5.1 Not here");
        handshake(house.context);
      }),
    auth: () => answer("auth", () => say("235 2.7.0 Accepted")),
    mail: () => {
      count(session, true);
      session.address = "";
      answer("mail", () => say("250 2.1.0 OK"));
    },
    rcpt: (command) => {
      session.address = /<([^>]*)>/.exec(command)?.[1] ?? "";
      answer("rcpt", () => say("250 2.1.5 OK"));
    },
    data: () =>
      answer("data", () => {
        session.step = "body";
        session.tail = [];
        say("354 Go ahead");
      }),
    rset: () => {
      count(session, false);
      say("250 2.0.0 Flushed");
    },
    quit: () => {
      say("221 2.0.0 Bye");
      socket.end();
    },
  };
  const obey = (command: string) =>
    (commands[command.slice(0, 8).split(" ")[0]?.toLowerCase() ?? ""] ?? (() => say("502 5.5.2 What?")))(
      command,
    );

  socket.on("data", onData);
  if (!session.secure) answer("banner", () => say("220 server.example ESMTP"));
}

function greeting({ secure: inside }: Session, { context, login }: House): string {
  const offers = ["server.example", "8BITMIME", "SIZE 35882577"];
  if (context && !inside) offers.push("STARTTLS");
  if (login) offers.push("AUTH PLAIN LOGIN");
  return offers.map((offer, i) => `250${i === offers.length - 1 ? " " : "-"}${offer}`).join("\r\n");
}

/** Milliseconds since 1970, finer than Date. */
export const now = () => performance.timeOrigin + performance.now();

function closeAll(listener: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => listener.close(() => resolve()));
}
