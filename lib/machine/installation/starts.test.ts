/** What a worker asks of a database before it does anything: a structure it knows, and its own key. Real processes. */
import "#testing/database";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";

const folder = mkdtempSync(join(tmpdir(), "src-starts-"));
after(() => rmSync(folder, { recursive: true }));
after(disconnect);

function start(key: string | undefined) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bin/worker.ts"], {
    env: { ...process.env, SRC_SECRET: key, SRC_DATA_DIR: folder, LOG_LEVEL: "info" },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, said: `${stdout}${stderr}` };
}
const workers = async () => (await sql`select from workers`).length;

test("another key, or none, is refused with the cure, and none is made", async () => {
  await sql`update installation set key_fingerprint = '0123456789abcdef'`;
  const other = start("another secret");
  assert.equal(other.status, 1);
  assert.match(other.said, /n’est pas celle de cette base/);
  const none = start(undefined);
  assert.equal(none.status, 1);
  assert.match(none.said, /remettez votre copie de secret\.key/);
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(await workers(), 0);
});

test("an older or a newer program says so in a sentence, and does nothing else", async () => {
  await sql`update installation set key_fingerprint = null`;
  await sql`
    insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'x', '9999_of_tomorrow', now())`;
  const older = start(process.env.SRC_SECRET);
  assert.equal(older.status, 1);
  assert.match(older.said, /9999_of_tomorrow, inconnue de cette version/);
  await sql`delete from _prisma_migrations where id = 'x' or migration_name like '0140_%'`;
  const newer = start(process.env.SRC_SECRET);
  assert.equal(newer.status, 1);
  assert.match(newer.said, /attend une mise à jour/);
  assert.doesNotMatch(newer.said, /\n {4}at /);
  assert.equal(await workers(), 0);
});
