/** One round: a relay, some workers, some faults, then calm, and the verdict. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { disconnect, sql } from "#lib/machine/db";
import { type Pooler, startPooler } from "#testing/pooler";
import type { Certificates } from "./certificates.ts";
import { settleByHand, startClerk } from "./clerk.ts";
import type { Cluster } from "./cluster.ts";
import { createConduct } from "./conduct.ts";
import { recruit } from "./crew.ts";
import type { Plan } from "./plan.ts";
import { layWire } from "./proxy.ts";
import { seeded } from "./random.ts";
import { insist, type Scene } from "./scene.ts";
import { type Books, now, startServer } from "./server.ts";
import { pointAt, prepareMailing, type Setup } from "./setup.ts";
import { countRows, type Figures, findWrong } from "./verify.ts";

export type Verdict = {
  figures: Figures;
  byHand: number;
  taken: number;
  seconds: number;
  notDone: string[];
  wrong: string[];
  /** Folder with the workers' last words. */
  evidence: string;
};

/** The harness waits no longer than this for the next share of recipients before it strikes all the same. */
const IMPATIENCE = 2_500;
/** Milliseconds without anything in flight before people settle what is unknown. */
const QUIET = 600;

export async function playRound(
  plan: Plan,
  cluster: Cluster,
  tls: Certificates | null,
  reports: string,
): Promise<Verdict> {
  const startedAt = performance.now();
  const evidence = evidenceOf(plan, reports);
  rmSync(evidence, { recursive: true, force: true });
  mkdirSync(evidence, { recursive: true });
  const stage = await build(plan, cluster, tls, reports);
  const clerk = startClerk();
  let byHand = 0;
  try {
    for (let i = 0; i < plan.workers; i++) await stage.crew.hire();
    await strike(plan, stage);
    await spend(stage);
    byHand = await drain(stage);
    await clerk.stop();
    await dismiss(stage);
    const wrong = await findWrong(stage, byHand);
    const figures = await countRows();
    const seconds = (performance.now() - startedAt) / 1000;
    const { notDone } = stage.record;
    return { figures, byHand, taken: stage.books.taken.length, seconds, notDone, wrong, evidence };
  } finally {
    await clerk.stop();
    await stage.crew.disband();
    for (const end of [stage.relayWire, stage.server, stage.spare?.wire, stage.spare?.server, ...stage.open])
      await end?.close();
    await stage.pooler?.stop();
    await disconnect();
    await insist(cluster.start);
    await insist(() => cluster.dropDatabase(databaseOf(plan)));
  }
}

const evidenceOf = ({ seed }: Plan, reports: string) => join(reports, `seed-${seed}`);
const databaseOf = ({ seed }: Plan) => `torture_${seed}`;

async function build(
  plan: Plan,
  cluster: Cluster,
  tls: Certificates | null,
  reports: string,
): Promise<Scene> {
  const evidence = evidenceOf(plan, reports);
  const name = databaseOf(plan);
  const { setup } = plan;
  const notDone: string[] = [];
  if (setup.security === "starttls" && !tls) {
    setup.security = "none";
    notDone.push("broken TLS (needs openssl)");
  }
  await insist(() => cluster.dropDatabase(name));
  const databaseUrl = await insist(() => cluster.createDatabase(name));
  await pointAt(databaseUrl);
  const pooler = await openPooler(setup, databaseUrl, notDone);
  const conduct = createConduct(plan.seed);
  const books: Books = { taken: [], refused: new Set() };
  const security = setup.security === "starttls" ? tls : null;
  const open = async (relay: "first" | "spare") => {
    const server = await startServer({
      relay,
      books,
      conduct,
      security,
      login: setup.login,
      thinking: setup.thinking,
    });
    return { server, wire: await layWire(() => server.port) };
  };
  const { server, wire: relayWire } = await open("first");
  const spare = setup.spare ? await open("spare") : null;
  const mailing = await prepareMailing(setup, [relayWire.port, spare?.wire.port]);
  const from = now();
  const limits = [
    { scope: "", seconds: 60, limit: setup.perMinute, from },
    { scope: "", seconds: 3_600, limit: setup.perHour, from },
    ...(setup.domain
      ? [{ scope: setup.domain.name, seconds: 3_600, limit: setup.domain.perHour, from }]
      : []),
  ];
  const log = join(evidence, "workers.log");
  return {
    setup,
    log,
    mailing,
    random: seeded(plan.seed ^ 0x5eed),
    conduct,
    books,
    server,
    relayWire,
    spare,
    cluster,
    pooler,
    open: [],
    crew: recruit({
      databaseUrl,
      databasePort: pooler ? () => pooler.port : cluster.port,
      log,
      authority: tls?.file ?? null,
      cache: join(reports, "compiled"),
    }),
    record: {
      stopped: new Map(),
      silences: [],
      cancelled: [],
      limits,
      inFlight: 0,
      overlap: 0,
      notDone,
      wrong: [],
    },
    progress: () => books.taken.length / (setup.recipients + setup.others),
  };
}

async function openPooler(setup: Setup, databaseUrl: string, notDone: string[]): Promise<Pooler | null> {
  if (!setup.pooler) return null;
  if (existsSync("/usr/sbin/pgbouncer")) return startPooler(databaseUrl, "session");
  notDone.push("pooler (needs pgbouncer)");
  return null;
}

/** Runs the schedule. Faults overlap, except that only one at a time befalls the machines. */
async function strike({ schedule }: Plan, scene: Scene) {
  const running: Promise<void>[] = [];
  let machines = Promise.resolve();
  for (const { fault, at } of schedule) {
    let deadline = performance.now() + IMPATIENCE;
    while (scene.progress() < at && performance.now() < deadline) {
      replaceDeserters(scene);
      // Node takes its time to start.
      if (scene.books.taken.length === 0) deadline = performance.now() + IMPATIENCE;
      await sleep(20);
    }
    const run = async () => {
      try {
        await fault.run(scene);
      } catch (error) {
        scene.record.wrong.push(`${fault.name} could not be done: ${String(error)}`);
      }
    };
    if (fault.machine) machines = machines.then(run);
    else running.push(run());
  }
  await Promise.all([...running, machines]);
}

/** Lets happen what the server was told to do wrong, while there is mail to do it to; says what never came up. */
async function spend(scene: Scene) {
  const { conduct, record } = scene;
  let last = 0;
  for (let still = 0; conduct.pending() > 0 && scene.progress() < 0.97 && still < 50; await sleep(100)) {
    replaceDeserters(scene);
    still = scene.books.taken.length > last ? 0 : still + 1;
    last = scene.books.taken.length;
  }
  record.notDone.push(...conduct.calm().map((incident) => `${incident} never came up`));
}

/** Waits until nothing is left to send, settling by hand what stays unknown. Returns how many were. */
async function drain(scene: Scene): Promise<number> {
  const { server, spare, books } = scene;
  const took = (address: string) => books.taken.some((one) => one.address === address);
  const busy = () => server.busy() + (spare?.server.busy() ?? 0);
  const deadline = performance.now() + scene.setup.drainSeconds * 1000;
  let byHand = 0;
  let quietSince = performance.now();
  while (performance.now() < deadline) {
    replaceDeserters(scene);
    const [left] = await insist(
      () => sql<{ moving: number; unknown: number; open: number }>`
        select count(*) filter (where status in ('queued', 'sending'))::int as moving,
          count(*) filter (where status = 'unknown')::int as unknown from deliveries`,
    );
    if (!left || left.moving > 0 || busy() > 0) quietSince = performance.now();
    else if (left.unknown === 0) return byHand;
    else if (performance.now() - quietSince > QUIET) byHand += await insist(() => settleByHand(took));
    await sleep(100);
  }
  scene.record.wrong.push(`not drained in ${scene.setup.drainSeconds} s`);
  return byHand;
}

function replaceDeserters({ crew, record }: Scene) {
  for (const member of crew.deserters()) {
    const { exitCode, signalCode } = member.process;
    record.wrong.push(`a worker ended by itself (${exitCode ?? signalCode})`);
    member.doomed = true;
    void crew.hire();
  }
}

/** Every worker stops when told, and sends nothing more. */
async function dismiss({ crew, record, books }: Scene) {
  const before = books.taken.length;
  const codes = await Promise.all(crew.active().map((member) => crew.stop(member)));
  if (codes.some((code) => code !== 0)) record.wrong.push(`workers ended with ${codes.join(", ")}`);
  if (books.taken.length !== before) record.wrong.push("mail was sent after everything was settled");
}
