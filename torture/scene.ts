/** What the faults of one round act on, and what they leave for the verdict. */
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "#lib/machine/db";
import type { Pooler } from "#testing/pooler";
import type { Cluster } from "./cluster.ts";
import type { Conduct } from "./conduct.ts";
import type { Crew, Member } from "./crew.ts";
import type { Wire } from "./proxy.ts";
import type { Random } from "./random.ts";
import type { Books, CountingServer } from "./server.ts";
import type { Mailing, Setup } from "./setup.ts";

/** A limit of the first relay in force from an instant on, until the next of the same scope (a domain; '' is all). */
export type LimitChange = { scope: string; seconds: number; limit: number | null; from: number };

/** What happened that the verdict must know; instants in milliseconds since 1970. */
export type Record = {
  /** When an address was known to be left alone, at the latest. */
  stopped: Map<string, number>;
  /** A campaign or a relay, paused or cancelled from an instant to another. */
  silences: { campaign?: number; relay?: number; from: number; to: number }[];
  cancelled: number[];
  limits: LimitChange[];
  /** Messages that may have to be settled by hand: connections in flight at the kills, freezes and cuts. */
  inFlight: number;
  /** Transactions of workers that were frozen or cut off: theirs may overlap with those of who replaced them. */
  overlap: number;
  /** What was asked for and could not be done here. */
  notDone: string[];
  /** What went wrong already. */
  wrong: string[];
};

export type Scene = {
  setup: Setup;
  mailing: Mailing;
  random: Random;
  conduct: Conduct;
  books: Books;
  server: CountingServer;
  relayWire: Wire;
  /** Of the relay that takes over; null when there is none. */
  spare: { server: CountingServer; wire: Wire } | null;
  cluster: Cluster;
  /** Null when the workers speak to PostgreSQL itself. */
  pooler: Pooler | null;
  crew: Crew;
  /** What is closed when the round is over. */
  open: { close(): unknown }[];
  record: Record;
  /** File of the workers' last words. */
  log: string;
  /** Share of the recipients whose message a server has taken. */
  progress(): number;
};

/** Tries until it works: the database may be what is down. */
export async function insist<T>(what: () => Promise<T>, patience = 30_000): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await what();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** Connections to the relay a worker holds or may still hold; all of them when the database cannot say. */
export async function connectionsOf(scene: Scene, member: Member): Promise<number> {
  try {
    const [row] = await sql<{ n: number }>`
      select count(*)::int as n from relay_slots s join workers w on w.id = s.worker_id where w.pid = ${member.process.pid ?? 0}`;
    return row?.n ?? 0;
  } catch {
    return scene.setup.connections;
  }
}
