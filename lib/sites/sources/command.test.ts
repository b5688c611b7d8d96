import { after, before, beforeEach, test } from "node:test";
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pool, sql } from "#lib/machine/db";
import { undoChangeSets } from "#lib/people/change-sets/undo";
import { undoRun } from "#lib/sites/sources/mutations";
import { runQueuedSyncs } from "#lib/sites/sources/sync";
import { hireStaff } from "#testing/feeds";
import { contactXml, fileXml, peopleXml } from "#testing/sources";
import { until } from "#testing/until";

const folder = mkdtempSync(join(tmpdir(), "import-"));
const file = join(folder, "contacts.xml");
const said = { out: "", err: "" };

before(async () => {
  await sql`insert into sources (key, name, default_kind, updated_at) values ('feed', 'Feed', 'staff', now())`;
});

beforeEach(() => writeFileSync(file, peopleXml([{ id: "1", emails: ["a@exemple.fr"] }])));
after(() => rmSync(folder, { recursive: true }));

const program = `
  const { importFile } = await import("#lib/sites/sources/command");
  const { disconnect } = await import("#lib/machine/db");
  process.exitCode = await importFile(process.argv.slice(1), { atOnce: 100, slice: 30 });
  await disconnect();`;

/** The exit code of a process of its own; what it printed is kept in `said`. */
const run = (...argv: string[]) => listen(start(...argv));

const start = (...argv: string[]) =>
  spawn(process.execPath, ["--input-type=module", "-e", program, "--", ...argv], {
    cwd: `${import.meta.dirname}/../../..`,
    stdio: ["ignore", "pipe", "pipe"],
  });

async function listen(child: ReturnType<typeof start>): Promise<number> {
  const exit = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  [said.out, said.err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return exit;
}

const counted = async () =>
  (
    await sql<{
      n: number;
    }>`select (select count(*) from contacts)::int + (select count(*) from sync_runs)::int as n`
  )[0]?.n;

test("a rehearsal counts the same and leaves nothing, not even a run", async () => {
  const before = await counted();
  assert.equal(await run(file, "--source", "feed", "--dry-run", "--json"), 0);
  const { ok, dryRun, created, rowsRead } = JSON.parse(said.out);
  assert.deepEqual({ ok, dryRun, created, rowsRead }, { ok: true, dryRun: true, created: 1, rowsRead: 1 });
  assert.equal(await counted(), before);
});

test("a rehearsal in JSON names whom it would write, and only them", async () => {
  writeFileSync(
    file,
    fileXml(
      [
        contactXml({
          id: "w1",
          lastName: "Dupr&amp;eacute;",
          emails: ["w1@exemple.fr", "w1b@exemple.fr"],
          body: "<firstName>Zoé</firstName><phone>0692 12 34 56</phone><organisation><name>Bois &amp;amp; Fils</name></organisation>",
        }),
        contactXml({ id: "w2", lastName: "", emails: ["w2@exemple.fr"] }),
        contactXml({ id: "w3", lastName: "" }),
        contactXml({ id: "w4", lastName: "Seule" }),
      ].join(""),
    ),
  );
  assert.equal(await run(file, "--source", "feed", "--dry-run", "--json"), 0);
  const { contacts, created, rejected } = JSON.parse(said.out);
  assert.deepEqual([created, rejected], [3, 1]);
  assert.deepEqual(contacts, [
    {
      firstName: "Zoé",
      lastName: "Dupré",
      emails: ["w1@exemple.fr", "w1b@exemple.fr"],
      phones: ["+262 692 12 34 56"],
      organisation: "Bois & Fils",
    },
    { firstName: "", lastName: "", emails: ["w2@exemple.fr"], phones: [], organisation: null },
    { firstName: "", lastName: "Seule", emails: [], phones: [], organisation: null },
  ]);
  assert.equal(await run(file, "--source", "feed"), 0);
  assert.equal(await run(file, "--source", "feed", "--dry-run", "--json"), 0);
  assert.deepEqual(JSON.parse(said.out).contacts, []);
  writeFileSync(file, "<html>");
  assert.equal(await run(file, "--source", "feed", "--dry-run", "--json"), 1);
  assert.deepEqual(JSON.parse(said.out).contacts, []);
});

test("an import writes a run; the same file again changes nothing", async () => {
  assert.equal(await run(file, "--source", "feed"), 0);
  assert.match(said.out, /créés +1/);
  assert.equal(await run(file, "--source", "feed", "--json"), 0);
  assert.equal(JSON.parse(said.out).unchanged, 1);
  const [last] = await sql`select status, origin from sync_runs order by id desc limit 1`;
  assert.deepEqual(last, { status: "succeeded", origin: "command" });
});

test("a bad row is said with line, field and cure, and does not fail the rest", async () => {
  writeFileSync(file, fileXml(contactXml({ id: "9", body: "<kind>x</kind>" })));
  assert.equal(await run(file, "--source", "feed"), 0);
  assert.match(said.err, /^Ligne 3, kind : catégorie inconnue, laissée de côté \(« x »\)\. Employez/);
});

test("a refused file ends with 1, its line and its cure", async () => {
  writeFileSync(file, '<?xml version="1.0"?>\n<!DOCTYPE a>\n<contacts/>');
  assert.equal(await run(file, "--source", "feed"), 1);
  assert.match(said.err, /Refusé : rien n’est importé\.\nLigne 2\. Le fichier contient un DOCTYPE\. Retirez/);
  assert.equal(await run(file, "--source", "feed", "--json"), 1);
  assert.deepEqual([JSON.parse(said.out).ok, JSON.parse(said.out).error.reason], [false, "doctype"]);
});

test("an import during another of the same source is refused", async () => {
  await sql`insert into sync_runs (source_id, origin) select id, 'pull' from sources where key = 'feed'`;
  assert.equal(await run(file, "--source", "feed"), 1);
  assert.match(said.err, /déjà en cours/);
  await sql`delete from sync_runs where status = 'queued'`;
});

const crowd = (turn: number) =>
  peopleXml(
    Array.from({ length: 300 }, (_, n) => ({
      id: `c${n}`,
      emails: [`c${n}@exemple.fr`],
      body: `<phone>05 57 12 ${20 + turn} ${10 + (n % 90)}</phone>`,
    })),
  );

const phones = async () =>
  (await sql<{ phone: string }>`select phone from contacts where last_name = 'Durand' order by id`).map(
    ({ phone }) => phone,
  );

const lastRun = async () =>
  (
    await sql`
      select r.id, r.origin, r.status, r.error, r.attempts, c.planned, c.written, u.name,
        exists (select from sync_chunks where run_id = r.id) as kept
      from sync_runs r left join change_sets c on c.id = r.change_set_id left join sync_uploads u on u.run_id = r.id
      order by r.id desc limit 1`
  )[0];

/** The command at work on a large file, come to somebody whom a colleague holds; then what befalls it. */
async function stoppedHalfWay(turn: number, act: (child: ChildProcess) => unknown): Promise<number> {
  writeFileSync(file, crowd(turn));
  const blocker = await pool().connect();
  await blocker.query(
    "begin; select from contacts where id = (select contact_id from external_identities where external_id = 'c150') for update",
  );
  const before = (await lastRun())?.id;
  const child = start(file, "--source", "feed");
  const code = listen(child);
  const slices = async () => {
    const run = await lastRun();
    return run?.id !== before && run?.written >= 60;
  };
  try {
    await until(slices, "two slices", 60);
    await act(child);
  } finally {
    await blocker.query("rollback");
    blocker.release();
  }
  return code;
}

test("a large file goes in slices, held by no guard, and is kept and undone like a browser's", async () => {
  await sql`delete from contacts`;
  const staff = await hireStaff();
  await sql`update sources set ownership = '{"*": "remote"}', applies = 'ask', hold_created = 10`;
  writeFileSync(file, crowd(0));
  assert.equal(await run(file, "--source", "feed", "--json"), 0);
  assert.equal(JSON.parse(said.out).created, 300);
  const { id, ...told } = (await lastRun()) ?? {};
  assert.deepEqual(told, {
    ...{ origin: "command", status: "succeeded", error: null, attempts: 1 },
    ...{ planned: 300, written: 300, name: "contacts.xml", kept: true },
  });
  const entries = await sql`select user_id, action from audit_entries where data ->> 'runId' = ${String(id)}`;
  assert.deepEqual(entries, [{ user_id: null, action: "source.uploaded" }]);
  assert.deepEqual(await undoRun(id, staff), { ok: true });
  while (await undoChangeSets());
  assert.deepEqual(await phones(), []);
});

test("killed between two slices, a worker brings it to exactly after", async () => {
  writeFileSync(file, crowd(1));
  assert.equal(await run(file, "--source", "feed"), 0);
  await stoppedHalfWay(2, (child) => child.kill("SIGKILL"));
  assert.equal(new Set((await phones()).map((phone) => phone.slice(13, 15))).size, 2, "in part");
  await until(
    async () => {
      await runQueuedSyncs();
      return (await lastRun())?.status === "succeeded";
    },
    "a worker",
    60,
  );
  assert.deepEqual(
    await phones(),
    Array.from({ length: 300 }, (_, n) => `+33 5 57 12 22 ${10 + (n % 90)}`),
  );
  assert.equal((await lastRun())?.attempts, 2);
});

for (const signal of ["SIGINT", "SIGTERM"] as const)
  test(`stopped by ${signal} it goes back to exactly before, and says so`, async () => {
    const was = await phones();
    const code = await stoppedHalfWay(3, async (child) => {
      assert.notDeepEqual(await phones(), was);
      child.kill(signal);
      await until(
        async () =>
          (await sql`select from sync_runs where cancelled_at is not null and status = 'running'`).length > 0,
        "heard",
        60,
      );
    });
    assert.equal(code, 1);
    assert.match(said.err, /rien n’est importé/);
    assert.deepEqual(await phones(), was);
    assert.deepEqual([(await lastRun())?.status, (await lastRun())?.error], ["failed", "cancelled"]);
  });

test("what a worker takes up first is waited for", async () => {
  writeFileSync(file, crowd(4));
  const working = new AbortController();
  const worker = (async () => {
    while (!working.signal.aborted) await runQueuedSyncs();
  })();
  assert.equal(await run(file, "--source", "feed", "--json"), 0);
  working.abort();
  await worker;
  assert.equal(JSON.parse(said.out).updated, 300);
});

test("a command badly written ends with 2, and --help explains", async () => {
  for (const argv of [
    [],
    [file],
    ["--source", "feed"],
    [file, "--source", "nope"],
    ["/nowhere.xml", "--source", "feed"],
    [file, "--what"],
  ])
    assert.equal(await run(...argv), 2, argv.join(" "));
  assert.equal(await run("--help"), 0);
  assert.match(said.out, /--dry-run/);
});
