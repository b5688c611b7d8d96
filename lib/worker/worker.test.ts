/** Several workers, some of them in trouble, on one database: real processes. */
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { type CountingServer, startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { until, untilStill } from "#testing/until";

const LEASE = 2;
const workers: ChildProcess[] = [];
const servers: CountingServer[] = [];

// A test that fails must leave nothing behind that sends, or that keeps this process alive.
afterEach(async () => {
  for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
test.after(disconnect);

async function serve(behaviour: Parameters<typeof startCountingServer>[0] = {}) {
  const server = await startCountingServer(behaviour);
  servers.push(server);
  return server;
}

function startWorker(environment: Record<string, string> = {}): ChildProcess {
  const worker = spawn(process.execPath, ["lib/worker/main.ts"], {
    env: { ...process.env, SRC_LEASE_SECONDS: String(LEASE), LOG_LEVEL: "silent", ...environment },
    stdio: "inherit",
  });
  workers.push(worker);
  return worker;
}

const figures = async (campaign: number) =>
  Object.fromEntries(
    (
      await sql<{ status: string; n: number }>`
        select status::text, count(*)::int as n from deliveries where campaign_id = ${campaign} group by 1`
    ).map(({ status, n }) => [status, n]),
  );
const onceEach = (server: CountingServer) => [...server.accepted.values()].every((times) => times === 1);

test("a worker told to stop finishes what is in flight, and gives the rest back", async () => {
  const server = await serve({ delay: () => 1_000 });
  const { campaign } = await sendingCampaign({ port: server.port, recipients: 50, maxConnections: 5 });
  const worker = startWorker();
  await until(() => server.accepted.size >= 5, "five in flight");
  worker.kill("SIGTERM");
  const [code] = await once(worker, "exit");
  assert.equal(code, 0);
  const found = await figures(campaign);
  assert.deepEqual(found, { sent: server.accepted.size, queued: 50 - server.accepted.size });
  const [left] = await sql<{ n: number }>`
    select count(*)::int as n from deliveries where lease_until is not null and campaign_id = ${campaign}`;
  assert.equal(left?.n, 0, "nothing is held");
});

test("workers whose clocks are hours wrong share a quota exactly and send to nobody twice", async () => {
  const server = await serve();
  const { campaign } = await sendingCampaign({ port: server.port, recipients: 200, perMinute: 120 });
  for (const hours of [-3, 0, 5]) {
    const wrong = `const now = Date.now; const D = Date; const shift = ${hours} * 3600e3;
      globalThis.Date = class extends D { constructor(...a) { a.length ? super(...a) : super(now() + shift); } static now() { return now() + shift; } };`;
    startWorker({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(wrong)}` });
  }
  await until(() => server.accepted.size >= 120, "the minute’s permits are used", 60);
  await untilStill(() => server.accepted.size, "they stop", 2_000, 10);
  assert.equal(server.accepted.size, 120, "not one more");
  assert.ok(onceEach(server));
  assert.deepEqual(await figures(campaign), { sent: 120, queued: 80 });
});

test("a worker that loses the database stops sending within its lease, and goes on when it is back", async () => {
  const server = await serve({ delay: () => 20 });
  const { campaign } = await sendingCampaign({ port: server.port, recipients: 600, maxConnections: 4 });
  const link = await openLink();
  startWorker({ DATABASE_URL: link.url });
  await until(() => server.accepted.size >= 50, "under way");
  link.cut();
  await untilStill(() => server.accepted.size, "silent once its lease is over", 2_000, LEASE + 2);
  link.mend();
  await until(async () => {
    const { queued = 0, sending = 0 } = await figures(campaign);
    return queued + sending === 0;
  }, "all sent after the cut");
  link.close();
  const { sent = 0, unknown = 0 } = await figures(campaign);
  assert.ok(onceEach(server));
  assert.ok(unknown <= 4, `${unknown} unknown: at most what was in flight`);
  assert.equal(sent + unknown, 600);
});

test("a pause is obeyed by all workers within two seconds, and so is what follows it", async () => {
  const server = await serve({ delay: () => 10 });
  const { campaign } = await sendingCampaign({ port: server.port, recipients: 100_000, maxConnections: 8 });
  startWorker();
  startWorker();
  await until(() => server.accepted.size >= 100, "under way");
  await sql`update campaigns set status = 'paused', paused_at = now() where id = ${campaign}`;
  await untilStill(() => server.accepted.size, "nothing leaves", 1_500, 3.5);
  const paused = server.accepted.size;
  await sql`update campaigns set status = 'sending', paused_at = null where id = ${campaign}`;
  await until(() => server.accepted.size > paused, "it goes on", 2);
});

test("npm killed in one blow leaves no worker behind", async () => {
  const npm = spawn("npm", ["run", "-s", "worker"], {
    env: { ...process.env, LOG_LEVEL: "silent" },
    stdio: "inherit",
  });
  workers.push(npm);
  const known = (await sql`select from workers`).length;
  await until(async () => (await sql`select from workers`).length > known, "started");
  const [row] = await sql<{ pid: number }>`select pid from workers order by started_at desc limit 1`;
  assert.notEqual(row?.pid, npm.pid);
  npm.kill("SIGKILL");
  const gone = () => {
    try {
      return !process.kill(row?.pid ?? 0, 0);
    } catch {
      return true;
    }
  };
  await until(gone, "the worker went with it");
});

/** A way to the database that can be cut: what is under way hangs, what is new is refused. */
async function openLink() {
  const target = new URL(process.env.DATABASE_URL ?? "");
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut: () => {
      whole = false;
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend: () => {
      whole = true;
      drop();
    },
    close: () => {
      drop();
      server.close();
    },
  };
}
