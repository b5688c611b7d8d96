import { after, before, beforeEach, test } from "node:test";
import "#lib/test-db";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "#lib/db";
import { importFile } from "#lib/sources/command";
import { contactXml, fileXml, peopleXml } from "#lib/sources/fixtures";

const folder = mkdtempSync(join(tmpdir(), "import-"));
const file = join(folder, "contacts.xml");
const said = { out: "", err: "" };
const streams = { out: process.stdout.write, err: process.stderr.write };

before(async () => {
  await sql`insert into sources (key, name, default_kind, updated_at) values ('feed', 'Feed', 'staff', now())`;
});

beforeEach(() => writeFileSync(file, peopleXml([{ id: "1", emails: ["a@exemple.fr"] }])));
after(() => rmSync(folder, { recursive: true }));

const keep = (stream: "out" | "err") => (text: string | Uint8Array) => {
  said[stream] += text;
  return true;
};

/** The exit code, with what was printed kept in `said`. */
async function run(...argv: string[]): Promise<number> {
  Object.assign(said, { out: "", err: "" });
  process.stdout.write = keep("out");
  process.stderr.write = keep("err");
  try {
    return await importFile(argv);
  } finally {
    process.stdout.write = streams.out;
    process.stderr.write = streams.err;
  }
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
  assert.match(said.err, /^Ligne 3, kind : catégorie inconnue \(« x »\)\. Employez/);
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
