import { after, before, beforeEach, test } from "node:test";
import "#testing/database";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sql } from "#lib/machine/db";
import { contactXml, fileXml, peopleXml } from "#testing/sources";

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
  process.exitCode = await importFile(process.argv.slice(1));
  await disconnect();`;

/** The exit code of a process of its own; what it printed is kept in `said`. */
async function run(...argv: string[]): Promise<number> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, "--", ...argv], {
    cwd: `${import.meta.dirname}/../../..`,
    stdio: ["ignore", "pipe", "pipe"],
  });
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
