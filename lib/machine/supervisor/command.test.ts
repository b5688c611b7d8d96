import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "pg";
import { applyMigrations, readMigrations } from "#lib/machine/migrations/apply";
import { createTestDatabase } from "#testing/postgres";

const project = join(import.meta.dirname, "../../..");

/** Runs `npm run crm -- …` as npm would, and gives all that it said. */
function crm(url: string, argv: string[], input = ""): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ["bin/crm.ts", ...argv], {
    cwd: project,
    env: { ...process.env, DATABASE_URL: url, SRC_SECRET: "a secret for tests" },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, said }));
  });
}

const clear = ({ said }: { said: string }) => assert.doesNotMatch(said, /does not exist|\n {4}at /, said);

test("commands prepare the database of an installation that was never started", async () => {
  const database = await createTestDatabase("empty");
  try {
    const imported = await crm(database.url, ["import", "package.json", "--source", "site"]);
    clear(imported);
    assert.match(imported.said, /Aucune source « site »/);
    const made = await crm(
      database.url,
      [
        "user",
        "create",
        "--email",
        "ada@src.example",
        "--name",
        "Ada",
        "--role",
        "reader",
        "--password-stdin",
      ],
      "une phrase bien longue",
    );
    clear(made);
    assert.equal(made.code, 0, made.said);
  } finally {
    await database.drop();
  }
});

test("a database that waits for an update is left alone, and the cure is said", async () => {
  const database = await createTestDatabase("empty");
  const client = new Client({ connectionString: database.url });
  try {
    const [first] = readMigrations();
    await applyMigrations(database.url, first ? [first] : []);
    const told = await crm(database.url, ["import", "package.json", "--source", "site"]);
    clear(told);
    assert.equal(told.code, 1);
    assert.match(told.said, /npm run migrate/);
    await client.connect();
    assert.equal((await client.query('select from "_prisma_migrations"')).rowCount, 1);
  } finally {
    await client.end();
    await database.drop();
  }
});

test("a database out of reach is said in a sentence", async () => {
  const told = await crm("postgresql://nobody@127.0.0.1:1/none", [
    "import",
    "package.json",
    "--source",
    "site",
  ]);
  clear(told);
  assert.match(told.said, /ne répond pas/);
});

test("judging files needs no database", async () => {
  const bounce = "testing/corpus";
  const judged = await crm("postgresql://nobody@127.0.0.1:1/none", ["bounces", "judge", bounce]);
  clear(judged);
  assert.doesNotMatch(judged.said, /ne répond pas|DATABASE_URL/);
});

test("whatever runs for long takes npm's place: a signal sent to npm reaches it", () => {
  const brief = ["build", "migrate", "gates", "check"];
  const { scripts } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  for (const [name, script] of Object.entries(scripts))
    if (/\bnode /.test(script) && !brief.includes(name)) assert.match(script, /^exec node /, name);
  assert.match(scripts.demo ?? "", /^exec node /);
});
