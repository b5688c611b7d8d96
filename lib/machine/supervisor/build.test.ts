import assert from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, beforeEach, test } from "node:test";
import { hashSources, isBuilt, projectFolder } from "#lib/machine/supervisor/build";

const folder = fs.mkdtempSync(join(tmpdir(), "src-build-"));
after(() => fs.rmSync(folder, { recursive: true }));

beforeEach(() => {
  fs.rmSync(folder, { recursive: true });
  fs.mkdirSync(join(folder, "app/home"), { recursive: true });
  fs.mkdirSync(join(folder, "prisma/generated"), { recursive: true });
  fs.writeFileSync(join(folder, "app/home/page.tsx"), "one");
});

test("an edited, added or removed source changes the hash", () => {
  const before = hashSources(folder);
  fs.writeFileSync(join(folder, "app/home/page.tsx"), "two");
  const edited = hashSources(folder);
  fs.writeFileSync(join(folder, "app/other.tsx"), "");
  const added = hashSources(folder);
  fs.rmSync(join(folder, "app/other.tsx"));
  assert.equal(new Set([before, edited, added]).size, 3);
  assert.equal(hashSources(folder), edited);
});

test("tests and generated files do not", () => {
  const before = hashSources(folder);
  fs.writeFileSync(join(folder, "app/home/page.test.ts"), "");
  fs.writeFileSync(join(folder, "prisma/generated/client.ts"), "");
  assert.equal(hashSources(folder), before);
});

test("only a finished build of these very sources counts", () => {
  const distDir = relative(projectFolder, folder);
  const stamp = join(folder, "complete.json");
  assert.equal(isBuilt(distDir, "h1"), false, "no build");
  fs.writeFileSync(join(folder, "BUILD_ID"), "b1\n");
  assert.equal(isBuilt(distDir, "h1"), false, "killed before its end");
  fs.writeFileSync(stamp, JSON.stringify({ sources: "h1", buildId: "b1" }));
  assert.equal(isBuilt(distDir, "h1"), true);
  assert.equal(isBuilt(distDir, "h2"), false, "other sources");
  fs.writeFileSync(join(folder, "BUILD_ID"), "b2\n");
  assert.equal(isBuilt(distDir, "h1"), false, "somebody built over it");
});
