/** What docs/installation tells other programs to run exists, and what it sets is read. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder, workerProgram } from "#lib/machine/supervisor/build";

const read = (path: string) => readFileSync(join(projectFolder, path), "utf8");
const files = globSync("docs/installation/*", { cwd: projectFolder });
const environment = read("lib/machine/env.ts");

test("every program that is started exists", () => {
  const told = files.flatMap((file) => [...read(file).matchAll(/bin\/\w+\.ts/g)].map(([path]) => path));
  assert.deepEqual([...new Set(told)].sort(), [
    "bin/crm.ts",
    "bin/migrate.ts",
    "bin/start.ts",
    "bin/web.ts",
    "bin/worker.ts",
  ]);
  for (const path of told) assert.ok(existsSync(join(projectFolder, path)), path);
});

test("a worker is started alike, whoever starts it", () => {
  const flags = workerProgram.slice(0, -1).join('[",\\s]+');
  for (const file of [
    "package.json",
    "docs/installation/crm-worker.service",
    "docs/installation/compose.yaml",
  ])
    assert.match(read(file), new RegExp(`${flags}[",\\s]+bin/worker\\.ts`), file);
});

test("every variable that is set is read", () => {
  const told = files.flatMap((file) =>
    [...read(file).matchAll(/\b(?:SRC_[A-Z_]+|DATABASE_URL)\b/g)].map(([name]) => name),
  );
  assert.ok(new Set(told).size >= 4);
  for (const name of told) assert.ok(environment.includes(`"${name}"`), name);
});

test("every command of the guide is one of ours", () => {
  const scripts = JSON.parse(read("package.json")).scripts as Record<string, string>;
  const guide = read("docs/installation/README.md");
  for (const [, name = ""] of guide.matchAll(/npm run ([\w:-]+)/g)) assert.ok(scripts[name], name);
  const crm = read("bin/crm.ts");
  for (const [, word = ""] of guide.matchAll(/npm run crm -- (\w+)/g))
    assert.ok(crm.includes(`["${word}"`), word);
});
