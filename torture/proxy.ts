/** The wire between two programs, which can be cut, frozen, slowed and half closed: a network without its privileges. */
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type Wire = {
  port: number;
  /** Connections passing through. */
  connections(): number;
  /** Everything breaks, and nothing gets through for so many milliseconds. Returns how many connections broke. */
  cut(milliseconds: number): Promise<number>;
  /** Nothing moves in either direction and nobody is told, for so many milliseconds; then it all arrives, or all breaks. */
  freeze(milliseconds: number, then: "flow" | "break"): Promise<number>;
  /** One side hears that the other has finished speaking; the other hears nothing. Returns how many. */
  halfClose(): number;
  /** Every piece arrives so many milliseconds later. */
  delay(milliseconds: number): void;
  close(): Promise<void>;
};

type Pair = { client: Socket; server: Socket };

/** Carries connections from a free port on loopback to `target`. */
export async function layWire(target: () => number): Promise<Wire> {
  const pairs = new Set<Pair>();
  let state: "open" | "cut" | "frozen" = "open";
  let latency = 0;

  const carry = (from: Socket, to: Socket) => {
    from.on("data", (chunk) => {
      const pass = () => {
        if (to.writable && !to.write(chunk)) {
          from.pause();
          to.once("drain", () => state !== "frozen" && from.resume());
        }
      };
      if (latency > 0) setTimeout(pass, latency);
      else pass();
    });
    from.on("end", () => setTimeout(() => to.end(), latency));
    from.on("error", () => to.destroy());
    from.on("close", () => setTimeout(() => to.destroy(), latency));
  };

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on("error", () => {});
    if (state === "cut") return void client.resetAndDestroy();
    const server = connect({ port: target(), host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const pair = { client, server };
    pairs.add(pair);
    server.once("close", () => pairs.delete(pair));
    carry(client, server);
    carry(server, client);
    if (state === "frozen") hold(pair, true);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();

  const breakAll = () => {
    const broken = pairs.size;
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    return broken;
  };
  return {
    port: typeof address === "object" && address ? address.port : 0,
    connections: () => pairs.size,
    cut: async (milliseconds) => {
      state = "cut";
      const broken = breakAll();
      await sleep(milliseconds);
      state = "open";
      return broken;
    },
    freeze: async (milliseconds, then) => {
      state = "frozen";
      const held = pairs.size;
      for (const pair of pairs) hold(pair, true);
      await sleep(milliseconds);
      if (then === "break") breakAll();
      else for (const pair of pairs) hold(pair, false);
      state = "open";
      return held;
    },
    halfClose: () => {
      for (const { client } of pairs) client.end();
      return pairs.size;
    },
    delay: (milliseconds) => {
      latency = milliseconds;
    },
    close: () => {
      breakAll();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
}

function hold({ client, server }: Pair, still: boolean) {
  for (const socket of [client, server]) {
    if (still) socket.pause();
    else socket.resume();
  }
}
