import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "pg";
import { applyMigrations, readMigrations } from "#lib/machine/migrations/apply";
import { checksumOf, type Migration } from "#lib/machine/migrations/rules";
import { createTestDatabase } from "#testing/postgres";
import { until } from "#testing/until";

const project = join(import.meta.dirname, "../../..");
const names = readMigrations().map(({ name }) => name);

async function onEmpty(work: (url: string, client: Client) => Promise<void>) {
  const database = await createTestDatabase("empty");
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await work(database.url, client);
  } finally {
    await client.end();
    await database.drop();
  }
}

const history = async (client: Client) =>
  (
    await client.query(
      `select migration_name, checksum from "_prisma_migrations" where finished_at is not null order by started_at`,
    )
  ).rows;

function prisma(url: string, ...args: string[]) {
  const cli = join(project, "node_modules/prisma/build/index.js");
  return spawnSync(process.execPath, [cli, "migrate", ...args], {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, DATABASE_URL: url, CHECKPOINT_DISABLE: "1" },
  });
}

test("a fresh database gets everything, once, with the CLI's checksums", () =>
  onEmpty(async (url, client) => {
    assert.deepEqual(await applyMigrations(url), names);
    assert.deepEqual(await applyMigrations(url), []);
    const expected = readMigrations().map(({ name, sql }) => ({
      migration_name: name,
      checksum: checksumOf(sql),
    }));
    assert.deepEqual(await history(client), expected);
  }));

test("two at once apply each migration once", () =>
  onEmpty(async (url) => {
    const both = await Promise.all([applyMigrations(url), applyMigrations(url)]);
    assert.deepEqual(both.flat(), names);
  }));

test("the Prisma CLI finds our history up to date", () =>
  onEmpty(async (url) => {
    await applyMigrations(url);
    const { stdout, stderr, status } = prisma(url, "status");
    assert.match(stdout, /Database schema is up to date!/, stderr);
    assert.equal(status, 0);
  }));

test("the Prisma CLI applies the same history, and we find it up to date", () =>
  onEmpty(async (url) => {
    const { stderr, status } = prisma(url, "deploy");
    assert.equal(status, 0, stderr);
    assert.deepEqual(await applyMigrations(url), []);
  }));

test("a failing migration leaves nothing, not even its first half", () =>
  onEmpty(async (url, client) => {
    const wrong: Migration = { name: "0001_wrong", sql: "create table half (id int); select nonsense;" };
    await assert.rejects(applyMigrations(url, [wrong]), /0001_wrong.*nonsense/);
    assert.deepEqual(await history(client), []);
    assert.deepEqual((await client.query("select to_regclass('half') as half")).rows, [{ half: null }]);
  }));

test("killed in the middle, a migration is not there, and the next run applies it", () =>
  onEmpty(async (url, client) => {
    const slow: Migration = { name: "0001_slow", sql: "create table slow (id int); select pg_sleep(0.8);" };
    const program = `import { applyMigrations } from "#lib/machine/migrations/apply"; await applyMigrations(process.argv[1], [${JSON.stringify(slow)}]);`;
    const runner = spawn(process.execPath, ["--input-type=module", "-e", program, url], { cwd: project });
    const sleeping = `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
    await until(async () => (await client.query(sleeping)).rowCount === 1, "it is in the middle");
    runner.kill("SIGKILL");
    assert.deepEqual(await applyMigrations(url, [slow]), ["0001_slow"]);
    assert.equal((await history(client)).length, 1);
  }));

test("a migration the CLI left unfinished is applied when none of its tables exists", () =>
  onEmpty(async (url, client) => {
    const begun: Migration = { name: "0001_begun", sql: "create table begun (id int);" };
    await applyMigrations(url, []);
    const row = `insert into "_prisma_migrations" (id, checksum, migration_name) values ('x', $1, $2)`;
    await client.query(row, [checksumOf(begun.sql), begun.name]);
    assert.deepEqual(await applyMigrations(url, [begun]), ["0001_begun"]);
    assert.equal((await history(client)).length, 1);
  }));

test("a migration the CLI left unfinished is explained when it may have been applied", () =>
  onEmpty(async (url, client) => {
    const begun: Migration = { name: "0001_begun", sql: "create table begun (id int);" };
    await applyMigrations(url, []);
    await client.query("create table begun (id int)");
    const row = `insert into "_prisma_migrations" (id, checksum, migration_name) values ('x', $1, $2)`;
    await client.query(row, [checksumOf(begun.sql), begun.name]);
    await assert.rejects(applyMigrations(url, [begun]), /migrate resolve --applied 0001_begun/);
  }));

test("no migration does what a transaction cannot hold", () => {
  for (const { name, sql } of readMigrations()) {
    assert.doesNotMatch(sql, /^\s*(begin|commit|rollback)\s*;|\bconcurrently\b|^\s*vacuum\b/im, name);
  }
});

test("who paused a campaign before it had a column is taken over from the journal", () =>
  onEmpty(async (url, client) => {
    const all = readMigrations();
    await applyMigrations(
      url,
      all.filter(({ name }) => name < "0060"),
    );
    await client.query(`insert into segments (name, criteria) values ('all', '{}')`);
    const paused = async (name: string, reason: string | null, status = "paused") => {
      const { rows } = await client.query(
        `insert into campaigns (name, model, topic_id, segment_id, identity_id, subject, status, launched_at, paused_at, pause_reason)
         select $1, 'src', min(t.id), min(s.id), min(i.id), 'x', $3::"CampaignStatus", now(), '2026-11-01T10:00Z', $2
         from topics t, segments s, identities i returning id`,
        [name, reason, status],
      );
      return rows[0].id as number;
    };
    const person = async (name: string) =>
      (
        await client.query(
          `insert into users (name, email, role) values ($1, $1 || '@src.example', 'teacher') returning id`,
          [name],
        )
      ).rows[0].id as number;
    const [claire, hugo] = [await person("claire"), await person("hugo")];
    const byClaire = await paused("by Claire", null);
    const byEngine = await paused("by the engine", "spam");
    const long = await paused("once, and again by nobody known", null);
    const over = await paused("over", null, "sent");
    const entry = (user: number, campaign: number, at: string, action = "campaign.paused") =>
      client.query(
        `insert into audit_entries (user_id, action, subject, subject_id, at) values ($1, $2, 'campaign', $3, $4)`,
        [user, action, campaign, at],
      );
    await entry(hugo, byClaire, "2026-10-01T10:00Z");
    await entry(claire, byClaire, "2026-11-01T10:00:01Z");
    await entry(hugo, byClaire, "2026-11-01T10:00:02Z", "campaign.settled");
    await entry(hugo, byEngine, "2026-11-01T10:00:01Z");
    await entry(hugo, long, "2026-10-01T10:00Z");
    await entry(hugo, over, "2026-11-01T10:00:01Z");
    await applyMigrations(url);
    const { rows } = await client.query("select id, paused_by_id from campaigns order by id");
    assert.deepEqual(
      rows.map(({ id, paused_by_id }) => [id, paused_by_id]),
      [
        [byClaire, claire],
        [byEngine, null],
        [long, null],
        [over, null],
      ],
    );
  }));
