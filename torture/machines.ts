/** What happens to the machines: workers killed, frozen and stopped, PostgreSQL killed, its disk full. */
import { setTimeout as sleep } from "node:timers/promises";
import { LEASE_SECONDS } from "./crew.ts";
import type { Fault } from "./faults.ts";
import { connectionsOf, insist, type Scene } from "./scene.ts";

/** While the database is away no lease can be renewed: what a worker has in flight then outlives its right to it. */
async function withoutDatabase(scene: Scene, stop: () => Promise<void>) {
  scene.record.overlap += scene.server.connections();
  await stop();
  await sleep(scene.random.between(0, 1_500));
  await insist(scene.cluster.start);
}

export const machines: readonly Fault[] = [
  {
    name: "kill -9 of workers",
    machine: true,
    run: async (scene) => {
      for (let kills = scene.random.between(1, 3); kills > 0; kills--) {
        await killWorker(scene);
        await sleep(scene.random.between(100, 1_000));
      }
    },
  },
  {
    name: "PostgreSQL stopped at once",
    machine: true,
    run: (scene) => withoutDatabase(scene, () => scene.cluster.kill("SIGQUIT")),
  },
  {
    name: "kill -9 of PostgreSQL",
    machine: true,
    run: (scene) => withoutDatabase(scene, () => scene.cluster.kill("SIGKILL")),
  },
  {
    name: "kill -9 of a backend",
    machine: true,
    run: async (scene) => {
      scene.record.overlap += scene.server.connections();
      await scene.cluster.killBackend();
      await sleep(scene.random.between(200, 800));
      await insist(scene.cluster.start);
    },
  },
  {
    name: "disk full",
    machine: true,
    run: async (scene) => {
      const { fillDisk } = scene.cluster;
      if (!fillDisk) return void scene.record.notDone.push("disk full (needs root and tmpfs)");
      scene.record.overlap += scene.server.connections();
      const free = fillDisk();
      await sleep(scene.random.between(1_500, 3_000));
      free();
      // PostgreSQL may have given up: PANIC when the journal cannot grow.
      await insist(scene.cluster.start);
    },
  },
  {
    name: "frozen worker",
    machine: true,
    run: async (scene) => {
      const worker = scene.random.pick(scene.crew.active());
      const connections = await connectionsOf(scene, worker);
      scene.record.inFlight += connections;
      scene.record.overlap += connections;
      worker.process.kill("SIGSTOP");
      await sleep(LEASE_SECONDS * 1000 + scene.random.between(300, 2_000));
      worker.process.kill("SIGCONT");
    },
  },
  {
    name: "worker stopped politely",
    machine: true,
    run: async (scene) => {
      const worker = scene.random.pick(scene.crew.active());
      await scene.crew.hire();
      const code = await scene.crew.stop(worker);
      if (code !== 0) scene.record.wrong.push(`SIGTERM ended a worker with ${code}`);
    },
  },
];

/** One dies in the middle of its work, another takes its place. */
async function killWorker(scene: Scene) {
  const worker = scene.random.pick(scene.crew.active());
  scene.record.inFlight += await connectionsOf(scene, worker);
  await scene.crew.kill(worker);
  await scene.crew.hire();
}
