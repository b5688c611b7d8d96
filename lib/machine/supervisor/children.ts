/** The processes a supervisor keeps alive: started, restarted with a growing delay when they die, stopped. */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Account } from "#lib/machine/postgres/account";
import { keepLogShort } from "#lib/machine/short-log";
import { endWithParent, projectFolder } from "./build.ts";

export type Child = {
  name: string;
  /** Asks it to end, and forces it after `patience` milliseconds. */
  stop: (patience: number) => Promise<void>;
};

type Options = {
  /** Whom it runs as; empty for ourselves. */
  account?: Account;
  /** Folder for `<name>.log`; without one the child writes to our own output. */
  logs?: string;
  onDeath: (name: string, code: number | string, delay: number) => void;
};

const longestDelay = 30_000;
const LOOK_EVERY = 2_000;

/** Runs `args` on this very Node, for as long as the supervisor lives. The environment is inherited. */
export function keep(name: string, args: string[], options: Options): Child {
  let current: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let deaths = 0;

  const start = () => {
    const startedAt = Date.now();
    current = launch(name, args, options);
    current.once("error", () => undefined); // Followed by exit.
    current.once("exit", (code, signal) => {
      if (stopping) return;
      deaths = Date.now() - startedAt > 60_000 ? 1 : deaths + 1;
      const delay = Math.min(500 * 2 ** (deaths - 1), longestDelay);
      options.onDeath(name, signal ?? code ?? "?", delay);
      timer = setTimeout(start, delay);
    });
  };

  const { logs } = options;
  const clock = logs
    ? setInterval(() => keepLogShort(join(logs, `${name}.log`)), LOOK_EVERY).unref()
    : undefined;
  const stop = async (patience: number) => {
    stopping = true;
    clearTimeout(timer);
    clearInterval(clock);
    if (current) await end(current, patience);
  };

  start();
  return { name, stop };
}

function launch(name: string, args: string[], { logs, account }: Options): ChildProcess {
  const output = logs ? openLog(join(logs, `${name}.log`)) : "inherit";
  const stdio: StdioOptions = ["ignore", output, output, "ipc"];
  // Detached: Ctrl-C in the terminal is for the supervisor, which stops its children in order.
  const child = spawn(process.execPath, ["--import", endWithParent, ...args], {
    ...account,
    cwd: projectFolder,
    stdio,
    detached: true,
  });
  if (typeof output === "number") fs.closeSync(output);
  return child;
}

function openLog(path: string): number {
  keepLogShort(path);
  return fs.openSync(path, "a", 0o600);
}

function end(child: ChildProcess, patience: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill("SIGKILL"), patience);
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
