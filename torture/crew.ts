/** The workers of a round: real processes, each with its own wire to the database. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { layWire, type Wire } from "./proxy.ts";

export const LEASE_SECONDS = 2;
export const REPLY_SECONDS = 3;
const STOP_WITHIN = 35_000;

export type Member = { process: ChildProcess; database: Wire; doomed: boolean; frozen: boolean };

export type Crew = {
  members: Member[];
  hire(): Promise<Member>;
  /** Workers that are neither killed nor being stopped. */
  active(): Member[];
  kill(member: Member): Promise<void>;
  /** SIGTERM; returns the exit code. */
  stop(member: Member): Promise<number | null>;
  /** Workers that ended though nobody asked them to. */
  deserters(): Member[];
  disband(): Promise<void>;
};

type Options = {
  databaseUrl: string;
  databasePort: () => number;
  log: string;
  authority: string | null;
  cache: string;
  /** Of an installation of its own; else the harness's. */
  dataDir?: string;
};

export function recruit({ databaseUrl, databasePort, log, authority, cache, dataDir }: Options): Crew {
  const members: Member[] = [];
  const file = fs.openSync(log, "a");

  const hire = async () => {
    const database = await layWire(databasePort);
    const url = new URL(databaseUrl);
    url.port = String(database.port);
    const worker = spawn(process.execPath, ["lib/worker/main.ts"], {
      env: {
        ...process.env,
        DATABASE_URL: url.href,
        SRC_LEASE_SECONDS: String(LEASE_SECONDS),
        SRC_REPLY_SECONDS: String(REPLY_SECONDS),
        LOG_LEVEL: "warn",
        // Kept from round to round: half of a worker's start is reading its own source.
        NODE_COMPILE_CACHE: cache,
        ...(authority && { NODE_EXTRA_CA_CERTS: authority }),
        ...(dataDir && { SRC_DATA_DIR: dataDir }),
      },
      stdio: ["ignore", file, file],
    });
    const member = { process: worker, database, doomed: false, frozen: false };
    members.push(member);
    return member;
  };
  const end = async (member: Member, signal: NodeJS.Signals) => {
    member.doomed = true;
    if (!running(member)) return member.process.exitCode;
    const ended = once(member.process, "exit");
    member.process.kill(signal);
    const late = await Promise.race([ended.then(() => false), sleep(STOP_WITHIN, true, { ref: false })]);
    if (late) member.process.kill("SIGKILL");
    await ended;
    return member.process.exitCode;
  };

  return {
    members,
    hire,
    active: () => members.filter((one) => !one.doomed && running(one)),
    kill: async (member) => void (await end(member, "SIGKILL")),
    stop: (member) => end(member, "SIGTERM"),
    deserters: () => members.filter((one) => !one.doomed && !running(one)),
    disband: async () => {
      await Promise.all(members.map((member) => end(member, "SIGKILL")));
      await Promise.all(members.map((member) => member.database.close()));
      fs.closeSync(file);
    },
  };
}

const running = ({ process: { exitCode, signalCode } }: Member) => exitCode === null && signalCode === null;
