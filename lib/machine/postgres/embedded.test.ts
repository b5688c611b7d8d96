import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Client } from "pg";
import { findEmbedded, startEmbedded } from "#lib/machine/postgres/embedded";
import { findPostmaster } from "#lib/machine/postgres/postmaster";
import { keepLogShort } from "#lib/machine/short-log";
import { until } from "#testing/until";

const scratch = fs.mkdtempSync(join(tmpdir(), "src-postgres-"));
// Under /root or a private folder the data would go elsewhere: that is the place's business, tested by its own.
fs.chmodSync(scratch, 0o755);
const folder = join(scratch, ".data/postgres");

after(async () => {
  await (await startEmbedded(folder)).stop();
  fs.rmSync(scratch, { recursive: true });
});

async function ask(url: string, text: string) {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test("several first starts at once make one server", async () => {
  const servers = await Promise.all([1, 2, 3].map(() => startEmbedded(folder)));
  assert.equal(new Set(servers.map(({ url }) => url)).size, 1);
  const url = findEmbedded(folder);
  assert.ok(url);
  await ask(url, "create table kept (n int); insert into kept values (42)");
  assert.deepEqual(await ask(url, "show fsync"), [{ fsync: "on" }]);
});

test("nobody enters without the password", async () => {
  const url = new URL(findEmbedded(folder) ?? "");
  url.password = "guess";
  await assert.rejects(ask(url.href, "select 1"), { code: "28P01" });
});

test("a start joins the server that runs", async () => {
  const server = await startEmbedded(folder);
  assert.equal(server.adopted, true);
  // What a server says for years: put aside while it goes on writing.
  fs.truncateSync(server.log, 11_000_000);
  keepLogShort(server.log);
  await assert.rejects(ask(server.url, "select told_in_the_log"));
  const told = () => fs.readFileSync(server.log, "utf8");
  await until(() => told().includes("told_in_the_log"), "it goes on writing");
  assert.ok(told().length < 10_000, "at the beginning of the file");
});

test("a killed server starts again with what it had", async () => {
  const before = findPostmaster(folder);
  assert.ok(before);
  process.kill(before.pid, "SIGKILL");
  // The signal is sent, not yet obeyed: on a busy machine the server would be found once more.
  await until(() => findPostmaster(folder) === null, "the killed server is gone");
  const { url, adopted } = await startEmbedded(folder);
  assert.equal(adopted, false);
  assert.deepEqual(await ask(url, "select n from kept"), [{ n: 42 }]);
});

test("a stopped server is not found", async () => {
  await (await startEmbedded(folder)).stop();
  assert.equal(findEmbedded(folder), null);
  assert.equal(fs.existsSync(join(folder, "postmaster.pid")), false);
});

test("a pid file whose number now belongs to another program is no obstacle", async () => {
  fs.writeFileSync(
    join(folder, "postmaster.pid"),
    `${process.pid}\n${folder}\n0\n5432\n\n127.0.0.1\n0 0\nready   \n`,
  );
  assert.equal(findEmbedded(folder), null);
  const { url, stop } = await startEmbedded(folder);
  assert.deepEqual(await ask(url, "select n from kept"), [{ n: 42 }]);
  await stop();
});

test("its port being taken, it takes another", async () => {
  const { port } = JSON.parse(fs.readFileSync(`${folder}.json`, "utf8")) as { port: number };
  const thief = await new Promise<Server>((resolve) => {
    const server: Server = createServer().listen(port, "127.0.0.1", () => resolve(server));
  });
  const { url, stop } = await startEmbedded(folder);
  assert.notEqual(new URL(url).port, String(port));
  assert.deepEqual(await ask(url, "select n from kept"), [{ n: 42 }]);
  await stop();
  thief.close();
});

test("data restored without its pointer gets new passwords", async () => {
  fs.rmSync(`${folder}.json`);
  const { url, stop } = await startEmbedded(folder);
  assert.deepEqual(await ask(url, "select n from kept"), [{ n: 42 }]);
  await stop();
});

test("what a killed first start left is removed", async () => {
  const leftover = `${folder}.making-999999999`;
  fs.mkdirSync(leftover);
  await (await startEmbedded(folder)).stop();
  assert.equal(fs.existsSync(leftover), false);
});

test("data of another major version is explained, not touched", async () => {
  const version = join(folder, "PG_VERSION");
  const owned = fs.readFileSync(version);
  fs.writeFileSync(version, "15\n");
  await assert.rejects(startEmbedded(folder), /made by PostgreSQL 15/);
  fs.writeFileSync(version, owned);
});
