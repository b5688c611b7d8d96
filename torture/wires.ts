/** What happens on the wire: between workers and server, and between workers and database. */
import type { Fault } from "./faults.ts";
import { connectionsOf, type Scene } from "./scene.ts";

/** How long a silent network lasts: past the longest wait for a reply. */
const SILENCE = 3_500;

/** Every connection to the relay may have had a message in flight; frozen ones may speak again beside new ones. */
function shaken(scene: Scene, connections: number) {
  scene.record.inFlight += connections;
  scene.record.overlap += connections;
}

export const wires: readonly Fault[] = [
  {
    name: "drop before the end of DATA",
    run: ({ conduct }) => {
      conduct.arm("body", { kind: "drop", taken: false }, 6, 35);
      conduct.arm("data", { kind: "drop", taken: false }, 3, 50);
      conduct.arm("rcpt", { kind: "drop", taken: false }, 3, 60);
    },
  },
  {
    name: "drop after DATA, taken",
    run: ({ conduct }) => conduct.arm("end", { kind: "drop", taken: true }, 8, 30),
  },
  {
    name: "drop after DATA, not taken",
    run: ({ conduct }) => conduct.arm("end", { kind: "drop", taken: false }, 8, 30),
  },
  {
    name: "half-closed sockets",
    run: (scene) => {
      const { conduct, random, relayWire } = scene;
      conduct.arm("end", { kind: "halfClose", taken: true }, 3, 30);
      conduct.arm("end", { kind: "halfClose", taken: false }, 3, 40);
      conduct.arm("mail", { kind: "halfClose", taken: false }, 3, 50);
      if (random.next() < 0.5) shaken(scene, relayWire.halfClose());
    },
  },
  {
    name: "broken TLS",
    prepare: (setup) => {
      setup.security = "starttls";
    },
    run: ({ conduct }) => {
      conduct.arm("starttls", { kind: "garble" }, 1);
      conduct.arm("starttls", { kind: "stranger" }, 1);
      conduct.arm("starttls", { kind: "drop", taken: false }, 1);
      conduct.arm(
        "starttls",
        { kind: "say", reply: "454 4.7.0 TLS not available due to temporary reason" },
        1,
      );
      conduct.hangUps += 5;
    },
  },
  {
    name: "a reply that never comes",
    run: ({ conduct }) => {
      conduct.arm("end", { kind: "silence", taken: true }, 2, 20);
      conduct.arm("end", { kind: "silence", taken: false }, 2, 25);
      conduct.arm("rcpt", { kind: "silence", taken: false }, 1, 30);
    },
  },
  {
    name: "relay cut off",
    run: async (scene) => {
      shaken(scene, scene.relayWire.connections());
      await scene.relayWire.cut(scene.random.between(100, 1_500));
    },
  },
  {
    name: "relay out of reach",
    run: async (scene) => {
      shaken(scene, scene.relayWire.connections());
      await scene.relayWire.freeze(SILENCE, scene.random.pick(["flow", "break"]));
    },
  },
  {
    name: "worker cut off from the database",
    run: async (scene) => {
      const worker = scene.random.pick(scene.crew.active());
      // It stops by itself within its lease; until then the others may have its connections.
      scene.record.overlap += await connectionsOf(scene, worker);
      if (scene.random.next() < 0.5) await worker.database.cut(scene.random.between(500, 4_000));
      else
        await worker.database.freeze(scene.random.between(500, 4_000), scene.random.pick(["flow", "break"]));
    },
  },
];
