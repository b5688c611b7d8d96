/** What befalls a backup and a restore on their way: killed, a full or foreign folder, a newer program. Real processes. */
import "#testing/database";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Client } from "pg";
import { notRestored, notTaken } from "#lib/machine/backups/disk";
import { listBackups } from "#lib/machine/backups/queries";
import { writeBackup } from "#lib/machine/backups/write";
import { disconnect, sql } from "#lib/machine/db";
import { createTestDatabase } from "#testing/database";
import { sendingCampaign } from "#testing/deliveries";
import { until } from "#testing/until";

const folder = fs.mkdtempSync(join(tmpdir(), "src-interrupted-"));
after(() => fs.rmSync(folder, { recursive: true }));
after(disconnect);
const file = join(folder, "a.backup");

const crm = (argv: string[], environment: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bin/crm.ts", ...argv], {
    env: { ...process.env, ...environment },
    encoding: "utf8",
  });
  return { status, said: `${stdout}${stderr}` };
};

before(async () => {
  await sendingCampaign({ port: 1, recipients: 3_000 });
});

test("a restore killed on its way leaves nothing, and is done again", async () => {
  assert.equal(crm(["backup", file, "--without-key"]).status, 0);
  const target = await createTestDatabase("empty");
  const watcher = new Client({ connectionString: target.url });
  await watcher.connect();
  const killed = spawn(process.execPath, ["bin/crm.ts", "restore", file], {
    env: { ...process.env, DATABASE_URL: target.url },
    stdio: "ignore",
  });
  const filling = `select 1 from pg_stat_activity where datname = current_database() and application_name = 'src-restore'
    and backend_xid is not null`;
  await until(async () => (await watcher.query(filling)).rowCount === 1, "it is in the middle", 60);
  killed.kill("SIGKILL");
  await once(killed, "exit");
  await until(async () => (await watcher.query(filling)).rowCount === 0, "the server undid it", 60);
  assert.equal((await watcher.query("select from deliveries")).rowCount, 0);
  const again = crm(["restore", file], { DATABASE_URL: target.url });
  assert.equal(again.status, 0, again.said);
  assert.equal((await watcher.query("select from deliveries")).rowCount, 3_000);
  await watcher.end();
  await target.drop();
});

test("a backup whose server hangs up is refused, ends no process and leaves no file", async () => {
  const hangUp = () => sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'src-backup' and datname = current_database() and backend_xmin is not null`;
  const taken = writeBackup(process.env.DATABASE_URL ?? "", `${file}.lost`, null);
  const hungUp = until(async () => (await hangUp()).length > 0, "it is in the middle");
  await assert.rejects(taken);
  await hungUp;
  assert.deepEqual(
    fs.readdirSync(folder).filter((name) => name.includes("lost")),
    [],
  );
});

test("a backup of a newer version is refused before anything is written", async () => {
  await sql`
    insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'x', '9999_of_tomorrow', now())`;
  const code = `const { writeBackup } = await import("#lib/machine/backups/write");
    await writeBackup(process.env.DATABASE_URL, ${JSON.stringify(`${file}.newer`)}, null);`;
  spawnSync(process.execPath, ["--input-type=module", "-e", code], { env: process.env, stdio: "inherit" });
  await sql`delete from _prisma_migrations where id = 'x'`;
  const target = await createTestDatabase("empty");
  const { status, said } = crm(["restore", `${file}.newer`], { DATABASE_URL: target.url });
  assert.equal(status, 1);
  assert.match(said, /version plus récente du logiciel \(9999_of_tomorrow\)/);
  const client = new Client({ connectionString: target.url });
  await client.connect();
  assert.equal((await client.query("select from pg_tables where schemaname = 'public'")).rowCount, 0);
  await client.end();
  await target.drop();
});

test("a backup for which there is no room, or no folder, says so in a sentence and leaves nothing", async () => {
  const target = join(folder, "small.backup");
  // A file may have so many kilobytes: EFBIG, the one full disk that needs neither root nor a disk of one's own.
  const command = `ulimit -f 8; exec "$0" bin/crm.ts backup "$1" --without-key`;
  const { status, stderr } = spawnSync("sh", ["-c", command, process.execPath, target], { encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /^Plus de place pour .*small\.backup.*Libérez de la place/);
  assert.doesNotMatch(stderr, /\n {4}at /);
  assert.deepEqual(
    fs.readdirSync(folder).filter((name) => name.includes("small")),
    [],
  );
  const said = (code: string) =>
    (notTaken(Object.assign(new Error("no"), { code }), target) as Error).message;
  for (const code of ["ENOSPC", "EDQUOT"]) assert.match(said(code), /^No room for .*small\.backup/);
  assert.match(said("EACCES"), /cannot be written \(EACCES\)/);
  assert.equal(said("ECONNRESET"), "no", "what is no disk's");
  const refused = (code: string) => notRestored(Object.assign(new Error("no"), { code }));
  assert.match(((await refused("53100")) as Error).message, /nothing was restored/);
  assert.equal(((await refused("57P01")) as Error).message, "no");
});

test("a night that cannot be written says why, leaves no half file, and is tried again after an hour", async () => {
  await sql`insert into users (email, name, role) values ('a@src.example', 'A', 'administrator')`;
  const backups = join(folder, "backups");
  // As full as can be made without a disk of one's own.
  fs.symlinkSync("/proc/self/nowhere", backups);
  const night = () => {
    const code = `const { backUpNightly } = await import("#lib/machine/backups/nightly");
      await backUpNightly().catch(() => {}); process.exit(0);`;
    spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      env: { ...process.env, SRC_DATA_DIR: folder, LOG_LEVEL: "silent" },
    });
  };
  night();
  const [failed] = await listBackups();
  assert.match(failed?.error ?? "", /^E[A-Z]+$/);
  assert.equal(failed?.finishedAt, null);
  fs.rmSync(backups);
  night();
  assert.equal((await listBackups())[0]?.finishedAt, null, "not at each look");
  await sql`update backups set started_at = started_at - interval '61 minutes'`;
  night();
  const [taken] = await listBackups();
  assert.ok(taken?.finishedAt && taken.error === null, JSON.stringify(taken));
  assert.deepEqual(
    fs.readdirSync(backups).filter((name) => !name.endsWith(".backup")),
    [],
  );
});
