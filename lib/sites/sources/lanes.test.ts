/** Fetching apart from writing: no transaction waits for a site, and no site for another. */
import { type ChildProcess, spawn } from "node:child_process";
import { after, beforeEach, test } from "node:test";
import "#testing/database";
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pool, sql } from "#lib/machine/db";
import { requestSync } from "#lib/sites/sources/mutations";
import { findProgress } from "#lib/sites/sources/queries";
import { type Run, RunLost, receive } from "#lib/sites/sources/receive";
import { runQueuedSyncs, runSync } from "#lib/sites/sources/sync";
import { type Answer, says, startSite } from "#testing/remote-site";
import { bulkFile, peopleXml } from "#testing/sources";

const fast = await startSite(says(""));
const slow = await startSite(says(""));
after(() => Promise.all([fast.close(), slow.close()]));

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

let n = 0;
let key = "";

async function addSource(url: string): Promise<number> {
  key = `lane-${++n}`;
  const [source] = await sql<{ id: number }>`
    insert into sources (key, name, url, allow_private, default_kind) values (${key}, ${key}, ${url}, true, 'former_src') returning id`;
  return source?.id ?? 0;
}

async function queue(url: string): Promise<number> {
  const result = await requestSync(await addSource(url), null);
  assert.ok(result.ok);
  return result.runId;
}

const person = () => peopleXml([{ id: "1", emails: [`${key}@exemple.fr`] }], key);
const runOf = async (id: number) => (await sql`select * from sync_runs where id = ${id}`)[0];
const chunksOf = async (id: number) =>
  (await sql<{ n: number }>`select count(*)::int as n from sync_chunks where run_id = ${id}`)[0]?.n;

async function until(condition: () => unknown, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `not in ${seconds} s: ${condition}`);
    await wait(30);
  }
}

/** A site that gives what it has, then says no more until it is let go. */
function dripping(text: string) {
  let answered = () => {};
  const drip = {
    begun: new Promise<void>((resolve) => {
      answered = resolve;
    }),
    end: () => {},
    answer: ((_, response) => {
      const half = Math.floor(text.length / 2);
      response.writeHead(200).write(text.slice(0, half));
      drip.end = () => response.end(text.slice(half));
      answered();
    }) as Answer,
  };
  slow.answer = drip.answer;
  return drip;
}

/** The transactions that are open now, and were already before. */
async function lastingTransactions(before: string[] = []): Promise<string[]> {
  const open = await sql<{ id: string }>`
    select pid || ' since ' || xact_start as id from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start is not null`;
  return open.map(({ id }) => id).filter((id) => before.length === 0 || before.includes(id));
}

beforeEach(() => sql`delete from sync_runs where status in ('queued', 'running')`);

test("no transaction is open while a site is being read", async () => {
  const id = await queue(slow.url);
  const drip = dripping(person());
  const done = runQueuedSyncs();
  await drip.begun;
  const before = await lastingTransactions();
  await wait(1000);
  if (before.length > 0) assert.deepEqual(await lastingTransactions(before), []);
  drip.end();
  await done;
  assert.deepEqual([(await runOf(id))?.status, (await runOf(id))?.created], ["succeeded", 1]);
});

test("a slow site delays nobody else's run, not even one asked for meanwhile", async () => {
  const waiting = await queue(slow.url);
  const drip = dripping(person());
  const second = await queue(fast.url);
  fast.answer = says(person());
  const done = runQueuedSyncs();
  await drip.begun;
  await until(async () => (await runOf(second))?.status === "succeeded");
  const third = await queue(fast.url);
  fast.answer = says(person());
  await until(async () => (await runOf(third))?.status === "succeeded");
  // Longer than a run's pulse: what each tells is its own progress.
  await wait(1300);
  const { status, rows_read, fetched_at, matched } = (await runOf(waiting)) ?? {};
  assert.deepEqual([status, rows_read, fetched_at, matched], ["running", 0, null, null]);
  assert.equal(await chunksOf(waiting), 0);
  drip.end();
  await done;
  assert.equal((await runOf(waiting))?.status, "succeeded");
});

test("a run that outlives its deadline is stopped, says so and leaves nothing", async () => {
  const receiving = await queue(slow.url);
  const drip = dripping(person());
  assert.equal(await runSync(receiving, 500), true);
  drip.end();
  const writing = await queue(fast.url);
  fast.answer = says(person());
  const client = await pool().connect();
  try {
    await client.query("begin; lock table external_identities in access exclusive mode");
    assert.equal(await runSync(writing, 1500), true);
  } finally {
    await client.query("rollback");
    client.release();
  }
  for (const id of [receiving, writing]) {
    const run = await runOf(id);
    assert.deepEqual([run?.status, run?.error, run?.error_data], ["failed", "deadline", { minutes: 1 }]);
    assert.equal(await chunksOf(id), 0);
  }
  assert.equal(
    (await sql`select from external_identities e join sources s on s.id = e.source_id where s.key = ${key}`)
      .length,
    0,
  );
});

/** A worker in its own process, to be killed. */
const worker = (): ChildProcess =>
  spawn(
    process.execPath,
    ["--input-type=module", "-e", 'import("#lib/sites/sources/sync").then((sync) => sync.runQueuedSyncs())'],
    { cwd: `${import.meta.dirname}/../../..`, stdio: "ignore" },
  );

async function kill(child: ChildProcess) {
  const gone = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

test("a worker killed as it fetches: a colleague asks the site anew, and nothing is read twice", async () => {
  const rows = 4000;
  const id = await queue(slow.url);
  // So many at once are no surprise here.
  await sql`update sources set hold_created = ${rows} where key = ${key}`;
  const whole = Buffer.concat(await Array.fromAsync(bulkFile(rows, key)))
    .toString()
    .replaceAll("personne.", `${key}.`);
  const drip = dripping(whole);
  const child = worker();
  await until(async () => ((await chunksOf(id)) ?? 0) >= 2);
  const { bytes_read, fetched_at } = (await runOf(id)) ?? {};
  assert.deepEqual([bytes_read > 0 && bytes_read < whole.length, fetched_at], [true, null]);
  await kill(child);
  drip.end();
  slow.answer = says(whole);
  await until(async () => (await runQueuedSyncs()) > 0);
  const run = await runOf(id);
  assert.deepEqual(
    [run?.status, run?.attempts, run?.created, run?.bytes_read],
    ["succeeded", 2, rows, Buffer.byteLength(whole)],
  );
  const [kept] = await sql<{ bytes: number; packed: number }>`
    select sum(octet_length(bytes))::int as bytes, sum(pg_column_size(bytes))::int as packed from sync_chunks where run_id = ${id}`;
  assert.equal(kept?.bytes, Buffer.byteLength(whole), "kept once, to be read again");
  assert.ok(kept.packed < kept.bytes / 3, "and compressed");
});

test("a worker killed as it writes: it had shown its progress, and a colleague has the file already, charset included", async () => {
  const id = await queue(slow.url);
  const latin = Buffer.from(person().replace(' encoding="UTF-8"', "").replace("Durand", "Léglise"), "latin1");
  slow.answer = says(latin, { "content-type": "application/xml; charset=iso-8859-1" });
  const asked = slow.asked.length;
  const client = await pool().connect();
  await client.query("begin; lock table contacts in exclusive mode");
  const child = worker();
  await until(async () => (await runOf(id))?.fetched_at);
  await until(
    async () =>
      (await sql`select from pg_locks where not granted and relation = 'contacts'::regclass`).length > 0,
  );
  await until(async () => (await findProgress(id))?.left === 1);
  const shown = await findProgress(id);
  assert.deepEqual([shown?.rowsRead, shown?.matched, shown?.changed, shown?.planned], [1, 0, 0, 0]);
  assert.equal(await runSync(id), false);
  await kill(child);
  await client.query("rollback");
  client.release();
  await until(async () => (await runQueuedSyncs()) > 0);
  const run = await runOf(id);
  assert.deepEqual(
    [run?.status, run?.attempts, run?.created, slow.asked.length - asked],
    ["succeeded", 2, 1, 1],
  );
  const [known] =
    await sql`select last_name from contacts c join external_identities e on e.contact_id = c.id where e.source_id = ${run?.source_id}`;
  assert.equal(known?.last_name, "Léglise");
});

/** A run of the slow site that is about to be received. */
async function begin(): Promise<Run> {
  const id = await queue(slow.url);
  const [row] = await sql<Run>`
    update sync_runs r set status = 'running', attempts = 1 from sources s where r.id = ${id} and s.id = r.source_id
    returning r.id, r.attempts, r.origin, r.id as "fileId", s.id as "sourceId", s.url, s.access, s.allow_private as "allowPrivate"`;
  assert.ok(row);
  return row;
}

test("2 GB that nobody announced end at the cap, a chunk in memory at a time, and the site is hung up on", async () => {
  const [piece, most, all] = [Buffer.alloc(1_048_576, 32), 20 * 1_048_576, 2048];
  const hungUp = Promise.withResolvers<number>();
  let [given, peak] = [0, Number.NEGATIVE_INFINITY];
  const held = () => {
    // What the first finds unused is given back before the second.
    for (const _ of [1, 2]) collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = held();
  slow.answer = (_, response) => {
    const give = () => {
      while (given++ < all && !response.destroyed) {
        if (given % 8 === 0) peak = Math.max(peak, held() - before);
        if (!response.write(piece)) return void response.once("drain", give);
      }
      response.end();
    };
    response.on("close", () => hungUp.resolve(given)).writeHead(200);
    give();
  };
  const run = await begin();
  const refused = { reason: "tooBig", data: { megabytes: 20 } };
  await assert.rejects(receive(run, new AbortController().signal, most), refused);
  assert.ok((await hungUp.promise) < 60, "the site went on");
  assert.ok(Number.isFinite(peak) && peak < 6 * 1_048_576, `${peak} bytes in memory`);
  assert.ok((await runOf(run.id))?.bytes_read <= most);
});

test("who has lost the run does not say that its file is whole", async () => {
  slow.answer = says("");
  const { signal } = new AbortController();
  const run = await begin();
  await assert.rejects(receive({ ...run, attempts: 2 }, signal), RunLost);
  // Nor does one whose kept file is gone, though there are others.
  await sql`insert into sync_chunks (run_id, n, bytes) values (${run.id}, 0, 'x')`;
  await assert.rejects(receive({ ...run, origin: "replay", fileId: 0 }, signal), {
    reason: "notKept",
  });
  await sql`update sync_runs set status = 'failed', finished_at = now() where id = ${run.id}`;
  for (const body of ["", "x"]) {
    slow.answer = says(body);
    await assert.rejects(receive(run, signal), RunLost);
    assert.deepEqual([(await runOf(run.id))?.fetched_at, await chunksOf(run.id)], [null, 0]);
  }
});

test("a lock lost in the middle gives the run to whoever takes it up, and says nothing false", async () => {
  const id = await queue(slow.url);
  const drip = dripping(person());
  const done = runSync(id);
  await drip.begun;
  const [holder] = await sql<{ ended: boolean }>`
    select pg_terminate_backend(pid) as ended from pg_locks where locktype = 'advisory' and objid = ${id} and granted`;
  assert.ok(holder?.ended);
  await done;
  assert.deepEqual([(await runOf(id))?.status, (await runOf(id))?.error], ["running", null]);
  drip.end();
  slow.answer = says(person());
  await until(async () => (await runQueuedSyncs()) > 0);
  assert.deepEqual([(await runOf(id))?.status, (await runOf(id))?.attempts], ["succeeded", 2]);
});
