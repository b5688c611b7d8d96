/**
 * How fast one worker sends, everything durable, against `smtp-source` (C) handing the same bytes to the same
 * `smtp-sink`: `npm run bench send -- --n 20000 [--workers 1] [--json]`. Needs Postfix's two programs.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Client } from "pg";
import { disconnect, sql } from "#lib/db";
import { compose, prepare } from "#lib/deliveries/compose";
import { sendingCampaign } from "#lib/deliveries/fixtures";
import { env } from "#lib/env";
import { applyMigrations } from "#lib/migrations/apply";
import { startEmbedded } from "#lib/postgres/embedded";

const { values } = parseArgs({
  options: {
    n: { type: "string", default: "20000" },
    workers: { type: "string", default: "1" },
    connections: { type: "string", default: "20" },
    json: { type: "boolean", default: false },
  },
});
const n = Number(values.n);
const connections = Number(values.connections);

const server = await startEmbedded(join(env.dataDir, "bench-postgres"));
const database = `bench_${process.pid}`;
await administer(`create database ${database}`);
const url = new URL(server.url);
url.pathname = `/${database}`;
env.databaseUrl = url.href;
await applyMigrations(url.href);

const port = await freePort();
// As root, smtp-sink insists on becoming somebody else.
const asNobody = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
const sink = spawn("smtp-sink", [...asNobody, `127.0.0.1:${port}`, "1000"], {
  stdio: "ignore",
});
const folder = mkdtempSync(join(tmpdir(), "bench-send-"));
const workers: ChildProcess[] = [];
try {
  const { campaign, content, relay } = await sendingCampaign({
    port,
    recipients: 0,
    maxConnections: connections * Number(values.workers),
    html: newsletter(),
  });
  await fill(campaign, content);
  const floor = await handOver(await sample(content));
  const result = await run(campaign, relay);
  const report = {
    n,
    workers: Number(values.workers),
    connections,
    ...result,
    floor,
    ratio: round(result.messagesPerSecond / floor),
  };
  if (values.json) console.log(JSON.stringify(report));
  else console.table(report);
} finally {
  for (const worker of workers) worker.kill("SIGKILL");
  sink.kill();
  await disconnect();
  await administer(`drop database ${database} with (force)`);
  await server.stop();
  rmSync(folder, { recursive: true });
}

/** Messages a second of `smtp-source`, as many connections, the same bytes. */
async function handOver(message: Buffer): Promise<number> {
  const file = join(folder, "message");
  writeFileSync(file, message.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  const started = performance.now();
  execFileSync("smtp-source", [
    "-m",
    String(n),
    "-s",
    String(connections),
    "-F",
    file,
    "-f",
    "a@x.example",
    "-t",
    "b@x.example",
    `127.0.0.1:${port}`,
  ]);
  return round((n * 1000) / (performance.now() - started));
}

async function run(campaign: number, relay: number) {
  const before = await statements();
  const started = performance.now();
  for (let i = 0; i < Number(values.workers); i++) {
    workers.push(spawn(process.execPath, ["lib/worker/main.ts"], { stdio: ["ignore", "ignore", "inherit"] }));
  }
  const usage = { cpu: 0, memory: 0 };
  let first = 0;
  for (let sent = 0; sent < n; await sleep(100)) {
    const [row] = await sql<{
      sent: number;
    }>`select coalesce(sum(sent), 0)::int as sent from campaign_totals where campaign_id = ${campaign}`;
    sent = row?.sent ?? 0;
    // The start of Node is not what is measured.
    if (sent > 0) first ||= performance.now();
    const now = workers.map((worker) => processUsage(worker.pid ?? 0));
    usage.cpu = Math.max(
      usage.cpu,
      now.reduce((sum, one) => sum + one.cpu, 0),
    );
    usage.memory = Math.max(usage.memory, ...now.map((one) => one.memory));
  }
  const seconds = (performance.now() - (first || started)) / 1000;
  const counted = await statements();
  const [ledger] = await sql<{
    sent: number;
  }>`select sum(n)::int as sent from relay_usage where relay_id = ${relay}`;
  return {
    messagesPerSecond: round(n / seconds),
    cpuMillisecondsPerMessage: round((usage.cpu * 1000) / n),
    memoryMB: Math.round(usage.memory),
    transactionsPerMessage: round((counted - before) / n),
    ledger: ledger?.sent ?? 0,
  };
}

/** Transactions committed in this database, ours for watching included. */
async function statements(): Promise<number> {
  const [row] = await sql<{
    n: number;
  }>`select xact_commit::int as n from pg_stat_database where datname = current_database()`;
  return row?.n ?? 0;
}

/** CPU seconds and resident megabytes of a process (Linux). */
function processUsage(pid: number): { cpu: number; memory: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, memory: Number(memory) / 1024 };
  } catch {
    return { cpu: 0, memory: 0 };
  }
}

async function fill(campaign: number, content: number) {
  await sql`
    insert into deliveries (campaign_id, content_id, address, address_hash, variables)
    select ${campaign}, ${content}, 'r' || i || '@x.example', sha256(convert_to('r' || i, 'UTF8')),
      jsonb_build_object('contact', jsonb_build_object('firstName', 'Élodie ' || i))
    from generate_series(1, ${n}::int) i`;
  await sql`vacuum analyze deliveries`;
}

async function sample(content: number): Promise<Buffer> {
  const [row] = await sql<{ id: number; address: string }>`select id, address from deliveries limit 1`;
  if (!row) throw new Error("no delivery");
  return compose(await prepare(content), { ...row, variables: { contact: { firstName: "Élodie" } } }).raw;
}

/** About 20 kB of HTML with personal text and links. */
function newsletter(): string {
  const paragraph = `<p style="font:16px/1.5 Arial,sans-serif;color:#222">Chère {{ contact.firstName | default: "lectrice" }}, l’été approche et le département prépare la rentrée : <a href="https://src.example/api/click/1/0">lire l’article</a>, voir les photos, répondre à l’enquête.</p>`;
  return `<!doctype html><html lang="fr"><head><title>Lettre</title></head><body>${paragraph.repeat(75)}<p><a href="{{ links.unsubscribe }}">Se désabonner</a></p></body></html>`;
}

async function administer(statement: string) {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
