/** A folder that is moved, copied or robbed of its data, with real servers. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Client } from "pg";
import { type Embedded, startEmbedded } from "#lib/machine/postgres/embedded";

const scratch = fs.mkdtempSync(join(tmpdir(), "src-folders-"));
// Under /root or a private folder the data would go elsewhere: that is the place's business, tested by its own.
fs.chmodSync(scratch, 0o755);
const running: Embedded[] = [];
after(async () => {
  for (const server of running) await server.stop();
  fs.rmSync(scratch, { recursive: true });
});

const folderOf = (name: string) => join(scratch, name, ".data/postgres");
const pointerOf = (name: string) => `${folderOf(name)}.json`;

async function start(name: string): Promise<Embedded> {
  const server = await startEmbedded(folderOf(name), { durable: false });
  running.push(server);
  return server;
}

async function ask(url: string, text: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const copy = (from: string, to: string) => execFileSync("cp", ["-a", join(scratch, from), join(scratch, to)]);

/** As a version before wrote it: by its whole path, and nothing in the data. */
function makeOld(name: string) {
  const { id: _, ...pointer } = JSON.parse(fs.readFileSync(pointerOf(name), "utf8"));
  fs.writeFileSync(pointerOf(name), JSON.stringify({ ...pointer, data: folderOf(name) }));
  fs.rmSync(join(folderOf(name), "src-crm.json"));
}

test("a folder that is moved goes on", async () => {
  const before = await start("first");
  await ask(before.url, "create table kept (n int); insert into kept values (42)");
  await before.stop();
  fs.renameSync(join(scratch, "first"), join(scratch, "original"));
  const moved = await start("original");
  assert.deepEqual([moved.adopted, moved.copied, moved.data], [false, false, folderOf("original")]);
  assert.deepEqual(await ask(moved.url, "select n from kept"), [{ n: 42 }]);
});

test("a copy works on its own data, and says that it is one until that was taken note of", async () => {
  const original = await start("original");
  // With the file that says that a server runs: it is the original's.
  copy("original", "copy");
  const twin = await start("copy");
  assert.deepEqual([twin.adopted, twin.copied], [false, true]);
  await ask(twin.url, "update kept set n = 7");
  assert.deepEqual(await ask(original.url, "select n from kept"), [{ n: 42 }]);
  assert.equal((await start("copy")).copied, true);
  twin.settle();
  assert.equal((await start("copy")).copied, false);
  assert.equal((await start("original")).copied, false);
  await twin.stop();
});

test("the copy of a version before does not open the original's data either", async () => {
  await (await start("original")).stop();
  makeOld("original");
  copy("original", "old-copy");
  const twin = await start("old-copy");
  assert.equal(twin.data, folderOf("old-copy"));
  await twin.stop();
  assert.equal((await start("original")).copied, false);
});

test("a copied pointer whose data lie elsewhere is refused while the original is there", async () => {
  await (await start("original")).stop();
  const away = join(scratch, "away", "postgres");
  fs.mkdirSync(join(scratch, "away"), { mode: 0o711 });
  fs.renameSync(folderOf("original"), away);
  const pointer = JSON.parse(fs.readFileSync(pointerOf("original"), "utf8"));
  fs.writeFileSync(pointerOf("original"), JSON.stringify({ ...pointer, data: away }));
  await (await start("original")).stop();
  copy("original", "outside-copy");
  await assert.rejects(
    start("outside-copy"),
    /is a copy, and its data .*away.* is still that of the original/,
  );
  fs.rmSync(join(scratch, "original"), { recursive: true });
  assert.equal((await start("outside-copy")).copied, false, "nobody else has them now");
});

test("data that are gone, or are another's, are refused and nothing is made in their place", async () => {
  await (await start("alone")).stop();
  fs.renameSync(folderOf("alone"), `${folderOf("alone")}.kept`);
  await assert.rejects(start("alone"), /no longer in .*alone.*restore a backup/);
  assert.equal(fs.existsSync(folderOf("alone")), false);

  await (await start("other")).stop();
  fs.renameSync(folderOf("other"), folderOf("alone"));
  await assert.rejects(start("alone"), /is not that of .*alone.*delete/);
  fs.rmSync(pointerOf("alone"));
  await (await start("alone")).stop();
});
