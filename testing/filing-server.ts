/** For tests: a real SMTP server on loopback that files what it accepts in a Dovecot's Sent folder, and misbehaves as asked. */
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { type Dovecot, sentFolder } from "#testing/dovecot";

/** What becomes of one message. By default it is accepted, filed and answered. */
export type Fate = {
  /** Awaited once the whole message is there, before it is accepted. */
  hold?: () => Promise<unknown>;
  accept?: boolean;
  /** Milliseconds after which the copy is filed; never when null. */
  filed?: number | null;
  /** Awaited between acceptance and answer. */
  beforeReply?: () => Promise<unknown>;
  /** The connection is cut instead of an answer, or at the first bytes. */
  cut?: "reply" | "data";
};

export type FilingServer = {
  port: number;
  /** Messages accepted, by recipient: each of them arrives. */
  accepted: Map<string, number>;
  close(): Promise<void>;
};

/** `fate` is asked at each message, with its recipient and how many times that recipient's message came before. */
export async function startFilingServer(
  mailbox: Dovecot,
  fate: (address: string, before: number) => Fate | undefined,
  pace = 0,
): Promise<FilingServer> {
  const accepted = new Map<string, number>();
  const came = new Map<string, number>();
  const filing = new Set<Promise<void>>();

  const file = async (raw: Buffer, wait: number) => {
    if (wait > 0) await sleep(wait);
    await mailbox.append(raw, new Date(), sentFolder);
  };
  const take = async (stream: SMTPServerDataStream, address: string, cut: () => void) => {
    const before = came.get(address) ?? 0;
    came.set(address, before + 1);
    const { hold, accept = true, filed = 0, beforeReply, cut: when } = fate(address, before) ?? {};
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      if (when === "data") return cut();
      chunks.push(chunk as Buffer);
    }
    await sleep(pace);
    await hold?.();
    if (accept) {
      accepted.set(address, (accepted.get(address) ?? 0) + 1);
      const copy = filed === null ? undefined : file(Buffer.concat(chunks), filed);
      if (copy) filing.add(copy);
      if (filed === 0) await copy;
    }
    await beforeReply?.();
    if (when === "reply" || !accept) cut();
  };

  const sockets = new Map<string, () => void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    logger: false,
    onData: (stream: SMTPServerDataStream, session: SMTPServerSession, done) => {
      const cut = () => sockets.get(session.id)?.();
      take(stream, session.envelope.rcptTo[0]?.address ?? "", cut).then(
        () => done(null, "2.0.0 Ok"),
        () => cut(),
      );
    },
    onMailFrom: (_, session, done) => {
      for (const one of connections(server))
        if (one.id === session.id) sockets.set(one.id, () => one._socket.destroy());
      done();
    },
  });
  // A client killed in mid-sentence is what these tests are about.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    accepted,
    close: async () => {
      await Promise.all(filing);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Connection = { id: string; _socket: { destroy(): void } };

const connections = (server: SMTPServer) =>
  (server as unknown as { connections: Set<Connection> }).connections;
