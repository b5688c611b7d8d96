/**
 * What a synchronisation costs: a first load, the same file again, and with 1 % changed, each a run of the worker's in a
 * process of its own, beside the same rows by a bare COPY; rows per second, CPU of Node and of PostgreSQL, peak memory.
 * Then half of all changed, while a colleague asks for the list of contacts and saves one of them, again and again.
 * `cpuOfFirst` is (nodeSeconds + postgresSeconds) of a run / the same of the first load; PostgreSQL's is the whole
 * server's, its cleaning and checkpoints included. What an unchanged run may cost is a fifth: 0.2.
 */
import { execFile } from "node:child_process";
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { from as copyFrom } from "pg-copy-streams";
import { disconnect, openConnection, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { log } from "#lib/machine/log";
import { editContact } from "#lib/people/contacts/mutations";
import { countContacts, listContacts, listYears } from "#lib/people/contacts/queries";
import { contactInput, contactSearch } from "#lib/people/contacts/schema";
import { runSync } from "#lib/sites/sources/sync";
import { createTestDatabase } from "#testing/postgres";
import { bulkContact } from "#testing/sources";
import { readOptions } from "./stand/options.ts";

const { text, number, print } = readOptions({
  n: { default: "100000", help: "contacts" },
  measure: { default: "", help: "one measurement, in this process: a run's number, or copy" },
});
const measure = text("measure");
const round = (value: number) => Math.round(value * 100) / 100;

type Measure = { seconds: number; nodeSeconds: number; postgresSeconds: number; peakMegabytes: number };

if (measure) {
  await measureHere();
} else {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), "bench-sync-"));
  env.databaseUrl = database.url;
  try {
    print(await compare(folder, number("n")));
  } finally {
    rmSync(folder, { recursive: true });
    await disconnect();
    await database.drop();
  }
}

async function compare(folder: string, n: number) {
  await sql`
    insert into sources (key, name, default_kind, ownership, hold_created, hold_updated, hold_fewer)
    values ('feed', 'Feed', 'staff', '{"*": "remote"}', 1000000, 100, 100)`;
  await sql`create unlogged table copied (id text, line text)`;
  const copy = await inOwnProcess("copy", n);
  const result: Record<string, unknown> = {
    contacts: n,
    copySeconds: copy.seconds,
    copyPostgresSeconds: copy.postgresSeconds,
  };
  result.cpuOfFirst = "(nodeSeconds + postgresSeconds) of a run / the same of the first load";
  let first = 0;
  for (const [name, changed] of [
    ["first", 0],
    ["unchanged", 0],
    ["percent", 0.01],
    ["half", 0.5],
  ] as const) {
    const file = join(folder, `${name}.xml`);
    await pipeline(Readable.from(people(n, changed)), createWriteStream(file));
    const id = await keepRun(file);
    rmSync(file);
    const over = new AbortController();
    const colleague = name === "half" ? watch(n, over.signal) : null;
    const told = await inOwnProcess(String(id), n);
    over.abort();
    const cpuSeconds = round(told.nodeSeconds + told.postgresSeconds);
    first ||= cpuSeconds;
    const [run] = await sql<{ status: string; created: number; updated: number; unchanged: number }>`
      select status, created, updated, unchanged from sync_runs where id = ${id}`;
    result[name] = {
      ...told,
      cpuSeconds,
      cpuOfFirst: round(cpuSeconds / first),
      rowsPerSecond: Math.round(n / told.seconds),
      timesCopy: round(told.seconds / copy.seconds),
      ...run,
      ...(await colleague),
    };
  }
  return result;
}

/** Every hundredth has another number, when `share` of them change. */
async function* people(n: number, share: number) {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<contacts source="feed" version="1.1">\n`;
  for (let at = 0; at < n; at += 200) {
    let lines = "";
    for (let i = at; i < Math.min(at + 200, n); i++) {
      const line = bulkContact(i);
      lines +=
        share > 0 && i % Math.round(1 / share) === 0 ? line.replace("rue des Faussets", "rue Neuve") : line;
    }
    yield lines;
  }
  yield `<end rows="${n}"/></contacts>\n`;
}

/** A file as an upload leaves it for the worker. */
async function keepRun(file: string): Promise<number> {
  const [run] = await sql<{ id: number }>`
    insert into sync_runs (source_id, origin, status) select id, 'upload', 'queued' from sources returning id`;
  const bytes = readFileSync(file);
  for (let n = 0; n * 262_144 < bytes.length; n++)
    await sql`insert into sync_chunks (run_id, n, bytes) values (${run?.id}, ${n}, ${bytes.subarray(n * 262_144, (n + 1) * 262_144)})`;
  return run?.id ?? 0;
}

async function inOwnProcess(what: string, n: number): Promise<Measure> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    import.meta.filename,
    "--measure",
    what,
    "--n",
    String(n),
  ]);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Measure;
}

/** Milliseconds of the list of contacts, asked as its page asks, and of saves of people all over the file. */
async function watch(n: number, over: AbortSignal) {
  const [user] = await sql<{ id: number }>`
    insert into users (email, name, role) values ('bench@src.example', 'B', 'secretariat') returning id`;
  const [lists, saves]: [number[], number[]] = [[], []];
  let busy = 0;
  for (let turn = 0; !over.aborted; turn++) {
    lists.push(await timed(list));
    const saved = timed(() => save(((turn * 7919) % n) + 1, user?.id ?? 0));
    saves.push(
      await saved.catch((error: { code?: string }) =>
        error.code === "55P03" ? ++busy && 2000 : Promise.reject(error),
      ),
    );
    await wait(20);
  }
  return {
    lists: lists.length,
    listP95: at(lists, 0.95),
    saves: saves.length,
    saveP95: at(saves, 0.95),
    saveMax: at(saves, 1),
    savesToldWhy: busy,
  };
}

function list() {
  const search = contactSearch.parse({});
  return Promise.all([listContacts(search), countContacts(search), listYears()]);
}

async function save(id: number, by: number) {
  const [row] = await sql<{ updated_at: Date; graduationYear: number | null }>`
    select kind, first_name as "firstName", last_name as "lastName", graduation_year as "graduationYear", phone, street, postcode,
      city, country, website, locale, updated_at from contacts where id = ${id}`;
  const input = contactInput.parse({
    ...row,
    graduationYear: String(row?.graduationYear ?? ""),
    notes: `vu le ${Date.now()}`,
  });
  const result = await editContact(id, row?.updated_at ?? new Date(), input, by);
  if (!result.ok && result.reason !== "conflict") throw new Error(result.reason);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function at(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

async function measureHere() {
  // Its last line is the measure.
  log.level = "silent";
  const before = await postgresSeconds();
  // A worker has its code loaded long before a run begins.
  const loaded = process.cpuUsage();
  const start = performance.now();
  if (measure === "copy") await copyAlone(number("n"));
  else await runSync(Number(measure));
  const seconds = round((performance.now() - start) / 1000);
  const postgres = round((await postgresSeconds()) - before);
  const { user, system } = process.cpuUsage(loaded);
  const { maxRSS } = process.resourceUsage();
  await disconnect();
  const nodeSeconds = round((user + system) / 1e6);
  console.log(
    JSON.stringify({
      seconds,
      nodeSeconds,
      postgresSeconds: postgres,
      peakMegabytes: Math.round(maxRSS / 1024),
    }),
  );
}

async function copyAlone(n: number) {
  const { client, close } = await openConnection();
  async function* lines() {
    for (let i = 0; i < n; i++)
      yield `u${i}\t${bulkContact(i).replaceAll("\n", " ").replaceAll("\\", "\\\\")}\n`;
  }
  await pipeline(Readable.from(lines()), client.query(copyFrom("copy copied from stdin")));
  await close();
}

/** Of the whole server: its first process, those it has buried, and those alive (proc(5), fields 14 to 17). */
async function postgresSeconds(): Promise<number> {
  const [{ pid } = { pid: 0 }] = await sql<{ pid: number }>`select pg_backend_pid() as pid`;
  const ticks = (pid: string, buried: boolean) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const [own, gone] = [Number(fields[11]) + Number(fields[12]), Number(fields[13]) + Number(fields[14])];
    return { parent: fields[1], spent: own + (buried ? gone : 0) };
  };
  const first = ticks(String(pid), false).parent ?? "";
  let total = ticks(first, true).spent;
  for (const other of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const one = ticks(other, false);
      if (one.parent === first) total += one.spent;
    } catch {
      // It ended meanwhile, and is among those buried.
    }
  }
  return total / 100;
}
