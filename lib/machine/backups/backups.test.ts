/** Backups and restores as an administrator does them: `npm run crm -- …`, real processes, real servers. */
import "#testing/database";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as streamText } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { Client } from "pg";
import { listBackups } from "#lib/machine/backups/queries";
import { db, sql, transaction } from "#lib/machine/db";
import { beat } from "#lib/machine/installation/beat";
import { startEmbedded } from "#lib/machine/postgres/embedded";
import { readPointer } from "#lib/machine/postgres/place";
import { person } from "#testing/campaigns";
import { createTestDatabase } from "#testing/database";
import { sendingCampaign } from "#testing/deliveries";
import { startTestServer, testServerFolder } from "#testing/postgres";

const folder = fs.mkdtempSync(join(tmpdir(), "src-backups-"));
fs.chmodSync(folder, 0o711);
after(() => fs.rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);
const phrase = "une phrase bien longue";

type Said = { code: number | null; said: string };

function crm(
  argv: string[],
  environment: Record<string, string | undefined> = {},
  input = "",
): Promise<Said> {
  const child = spawn(process.execPath, ["bin/crm.ts", ...argv], { env: { ...process.env, ...environment } });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  child.stdin.end(input);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, said })));
}

const in_ = async <R extends object>(url: string, statement: string): Promise<R[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<R>(statement);
  await client.end();
  return rows;
};

before(async () => {
  for (let i = 0; i < 30; i++)
    await person({ lastName: `d’Été\t« ${i} »\\n\n€ 𝕏`, notes: i % 2 ? "" : "a\u0001\\." });
  await sendingCampaign({ port: 1, recipients: 3_000 });
  await beat();
});

/** Every other contact of these has a twin, written with it: a snapshot has both or neither. */
async function writeTwins(stopped: () => boolean) {
  let n = 0;
  while (!stopped()) {
    n++;
    await transaction(async (client) => {
      await client.query(
        'insert into segments (name, criteria) values ($1, \'{"match":"all","groups":[]}\')',
        [`twin ${n}`],
      );
      await client.query("insert into notices (kind, data) values ('twin', $1)", [{ n }]);
    });
  }
  return n;
}

test("a backup taken while people write is of one instant, and comes back row for row, held", async () => {
  let stopped = false;
  const writer = writeTwins(() => stopped);
  const taken = await crm(["backup", file("a.backup"), "--without-key"]);
  stopped = true;
  const written = await writer;
  assert.equal(taken.code, 0, taken.said);
  assert.match(taken.said, /sans la clé/);
  assert.equal(fs.statSync(file("a.backup")).mode & 0o777, 0o600);
  assert.ok(fs.statSync(file("a.backup")).size < 1_000_000, "compressed");

  const target = await createTestDatabase("empty");
  const done = await crm(["restore", file("a.backup")], { DATABASE_URL: target.url });
  assert.equal(done.code, 0, done.said);
  assert.match(done.said, /rétablie et vérifiée : \d+ tables, \d+ lignes/);
  const [found] = await in_<Record<string, unknown>>(
    target.url,
    `select (select count(*)::int from segments where name like 'twin %') as twins,
      (select count(*)::int from notices where kind = 'twin') as others, (select held_why from installation) as held,
      (select count(*)::int from pg_constraint where contype = 'f') as keys,
      (select count(*)::int from pg_trigger where not tgisinternal and tgenabled <> 'O') as asleep,
      (select count(*)::int from contacts where last_name like E'd’Été\\t« % »\\\\\\\\n\\n€ 𝕏') as people,
      (select count(*)::int from deliveries where status = 'queued') as queued`,
  );
  const [own] = await sql<{
    keys: number;
  }>`select count(*)::int as keys from pg_constraint where contype = 'f'`;
  assert.ok(written > 5, `${written} written meanwhile`);
  assert.equal(found?.twins, found?.others);
  assert.deepEqual(
    [found?.held, found?.keys, found?.asleep, found?.people, found?.queued],
    ["restored", own?.keys, 0, 30, 3_000],
  );
  const again = await crm(["restore", file("a.backup")], { DATABASE_URL: target.url });
  assert.equal(again.code, 1);
  assert.match(again.said, /n’est pas vide/);
  await target.drop();
});

test("a damaged or truncated file writes nothing, and the whole one is then taken", async () => {
  const bytes = fs.readFileSync(file("a.backup"));
  // One bit anywhere: what does not unpack, and what unpacks into rows that nobody wrote.
  const places = [0.35, 0.5, 0.65].map((part) => Math.floor(bytes.length * part));
  for (const at of places) {
    const bent = Buffer.from(bytes);
    bent.writeUInt8(bent.readUInt8(at) ^ 0x40, at);
    fs.writeFileSync(file(`bent-${at}.backup`), bent);
  }
  fs.writeFileSync(file("cut.backup"), bytes.subarray(0, bytes.length - 2_000));
  fs.writeFileSync(file("else.backup"), "no backup at all");
  const target = await createTestDatabase("empty");
  for (const name of [...places.map((at) => `bent-${at}`), "cut", "else", "none"]) {
    const { code, said } = await crm(["restore", file(`${name}.backup`)], { DATABASE_URL: target.url });
    assert.equal(code, 1, name);
    assert.match(said, /incomplète ou abîmée|n’existe pas/, name);
    assert.doesNotMatch(said, /\n {4}at /, "said in a sentence");
  }
  const { code, said } = await crm(["restore", file("a.backup")], { DATABASE_URL: target.url });
  assert.equal(code, 0, said);
  await target.drop();
});

test("the key is sealed by a passphrase, or left out by a word; another key, or none, is refused with the cure", async () => {
  const asked = await crm(["backup", file("b.backup")]);
  assert.equal(asked.code, 1);
  assert.match(asked.said, /Avec ou sans la clé/);
  const short = await crm(["backup", file("b.backup"), "--passphrase-stdin"], {}, "court\n");
  assert.match(short.said, /trop courte/);
  const sealed = await crm(["backup", file("b.backup"), "--passphrase-stdin"], {}, `${phrase}\n`);
  assert.equal(sealed.code, 0, sealed.said);
  assert.ok(!fs.readFileSync(file("b.backup")).includes(process.env.SRC_SECRET ?? "?"));

  const target = await createTestDatabase("empty");
  const bare = { DATABASE_URL: target.url, SRC_SECRET: undefined, SRC_DATA_DIR: file("new") };
  const embedded = { ...bare, DATABASE_URL: undefined };
  const wrong = await crm(["restore", file("b.backup"), "--passphrase-stdin"], embedded, "une autre phrase");
  assert.match(wrong.said, /pas la phrase secrète.*Rien n’a été écrit/);
  assert.ok(!fs.existsSync(file("new")), "which is true");
  const other = await crm(["restore", file("b.backup")], { ...bare, SRC_SECRET: "another key" });
  assert.match(other.said, /n’est pas celle de cette sauvegarde/);
  const without = await crm(["restore", file("a.backup")], bare);
  assert.match(without.said, /remettez d’abord votre copie de secret\.key/);
  assert.ok(!fs.existsSync(file("new/secret.key")), "never a new one in silence");
  const done = await crm(["restore", file("b.backup"), "--passphrase-stdin"], bare, phrase);
  assert.equal(done.code, 0, done.said);
  assert.equal(
    Buffer.from(fs.readFileSync(file("new/secret.key"), "utf8"), "hex").toString(),
    process.env.SRC_SECRET,
  );
  await target.drop();
});

test("without DATABASE_URL it is the embedded server of a new folder, which then goes on from there", async () => {
  const data = file("moved");
  fs.mkdirSync(data, { mode: 0o711 });
  const environment = { DATABASE_URL: undefined, SRC_DATA_DIR: data };
  const done = await crm(["restore", file("a.backup")], environment);
  assert.equal(done.code, 0, done.said);
  const taken = await crm(["backup", file("c.backup"), "--without-key"], environment);
  assert.equal(taken.code, 0, taken.said);
  const server = await startEmbedded(join(data, "postgres"));
  const [row] = await in_<{ n: number }>(server.url, "select count(*)::int as n from deliveries");
  await server.stop();
  assert.equal(row?.n, 3_000);
});

/** An outside server's role, which may do all but make a database. */
async function roleWithoutDatabases() {
  const { url } = await startTestServer();
  const [own, name] = [new URL(process.env.DATABASE_URL ?? ""), `test_role_${process.pid}`];
  const superuser = new URL(url);
  superuser.username = "postgres";
  superuser.password = readPointer(testServerFolder)?.superPassword ?? "";
  await in_(superuser.href, `create role ${name} login password 'x' in role src`);
  [own.username, own.password] = [name, "x"];
  return { url: own.href, drop: () => in_(superuser.href, `drop role ${name}`) };
}

/** The worker's task, in a process of its own. */
async function night(): Promise<string> {
  const code = `const { backUpNightly } = await import("#lib/machine/backups/nightly");
    console.log(await backUpNightly()); process.exit(0);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    env: { ...process.env, SRC_DATA_DIR: folder, LOG_LEVEL: "silent" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return (await streamText(child.stdout)).trim();
}

test("a drill restores the last one beside, says so, and leaves nothing; a night is saved once, and tried", async () => {
  assert.equal(await night(), "false", "before there is anybody");
  await db.user.create({ data: { email: "a@src.example", name: "A", role: "administrator" } });
  // Tried too long ago, or in vain: tonight's is tried.
  await sql`
    insert into backups (day, host, file, finished_at, drilled_at, drill_error) values
      (current_date - 3, 'a', 'gone', now(), now(), 'damaged'),
      (current_date - 40, 'a', 'gone', now(), now() - interval '29 days', null)`;
  const [{ own } = { own: "" }] = await sql<{ own: string }>`
    select left(uuid::text, 8) as own from installation`;
  fs.mkdirSync(file("backups"));
  const old = Array.from({ length: 9 }, (_, i) => `2020-01-0${i + 1}.backup`);
  for (const day of old)
    for (const whose of [own, "another1"]) fs.writeFileSync(file(`backups/src-${whose}-${day}`), "");
  assert.deepEqual((await Promise.all([night(), night()])).sort(), ["false", "true"]);
  assert.equal(await night(), "false");
  const [last] = await listBackups();
  assert.ok(last?.finishedAt && last.drilledAt, JSON.stringify(last));
  assert.equal(last.drillError, null);
  assert.ok(fs.existsSync(last.file));
  assert.deepEqual(
    (await listBackups()).slice(1).map(({ file, error }) => [file, error]),
    [
      ["gone", null],
      ["gone", null],
    ],
    "the nights before are left as they were",
  );
  const kept = (whose: string) =>
    fs.readdirSync(file("backups")).filter((name) => name.includes(whose)).length;
  assert.ok(kept(own) < 10, "the oldest went");
  assert.equal(kept("another1"), 9, "of another installation none");
  await sql`update backups set drilled_at = null`;
  const poor = await roleWithoutDatabases();
  const forbidden = await crm(["drill"], { DATABASE_URL: poor.url });
  await poor.drop();
  assert.equal(forbidden.code, 1);
  assert.match(forbidden.said, /alter role … createdb/);
  assert.equal((await listBackups())[0]?.drilledAt, null, "which says nothing of the backup");
  // As a drill that was killed years ago left it.
  await sql`create database src_drill_0_0123abcd template template0`;
  const tried = await crm(["drill"]);
  assert.equal(tried.code, 0, tried.said);
  assert.ok((await listBackups())[0]?.drilledAt, "tried by hand, it is known to be");
  assert.match(tried.said, /rétablie à côté et comparée, \d+ tables, \d+ lignes identiques/);
  assert.deepEqual(await sql`select datname from pg_database where datname like 'src_drill_%'`, []);
});
