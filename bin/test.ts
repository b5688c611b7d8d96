/**
 * `npm test`: everything that can be checked, in order; `npm test -- unit e2e` for some of it. Nothing is
 * skipped: what a part needs is installed when it can be, otherwise the part fails and says what to install.
 */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { env } from "#lib/machine/env";
import { explanation } from "#lib/machine/explained";
import { generateClient, projectFolder } from "#lib/machine/supervisor/build";
import { startTestServer } from "#testing/postgres";
import { requireTools } from "./tools.ts";

type Count = { passed: number; failed: number };
/** `beside`: it runs while the part before it does, which waits more than it works. */
type Part = { name: string; run: () => Promise<Count>; beside?: true };

const reports = join(projectFolder, ".data/reports");
const bin = (path: string) => join(projectFolder, "node_modules", path);

const parts: Part[] = [
  { name: "lint", run: () => check(bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings") },
  { name: "types", run: () => check(bin("typescript/bin/tsc"), "--noEmit") },
  { name: "unused", run: unused, beside: true },
  { name: "unit", run: unit },
  // Ten rounds in a row have every fault; more of them, and larger campaigns: npm run torture.
  { name: "torture", run: torture },
  { name: "build", run: () => check("bin/build.ts"), beside: true },
  { name: "e2e", run: endToEnd },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
const chosen = parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

// Beside what a running application serves.
env.distDir = ".next-test";
// Hundreds of processes read the same sources: the first one strips and compiles them for all.
env.compiled = join(projectFolder, ".data/compiled");
process.exitCode = unknown.length ? refuse(unknown) : await runAll(chosen);

async function runAll(list: Part[]): Promise<number> {
  generateClient();
  fs.mkdirSync(reports, { recursive: true });
  const total: Count = { passed: 0, failed: 0 };
  let under: Promise<Count>[] = [];
  const settle = async () => {
    for (const { passed, failed } of await Promise.all(under)) {
      total.passed += passed;
      total.failed += failed;
    }
    under = [];
  };
  for (const part of list) {
    if (!part.beside) await settle();
    under.push(runPart(part));
  }
  await settle();
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

async function runPart({ name, run }: Part): Promise<Count> {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  const count = await run().catch((error: unknown) => {
    console.error(explanation(error));
    return { passed: 0, failed: 1 };
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`── ${name}: ${count.failed === 0 ? "ok" : "FAILED"} (${seconds} s)`);
  return count;
}

/** A tool that says yes or no counts for one. */
async function check(program: string, ...args: string[]): Promise<Count> {
  const code = await node(program, ...args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
}

/** A test is no user: what only tests import is dead, or belongs to testing/. */
async function unused(): Promise<Count> {
  const knip = bin("knip/bin/knip.js");
  const all = await check(knip);
  return all.failed ? all : check(knip, "--production", "--include", "files,exports,types");
}

async function unit(): Promise<Count> {
  await requireTools("dovecot");
  await requireTools("proxies");
  await requireTools("python");
  await requireTools("pooler");
  await requireTools("postgresql");
  await requireTools("php");
  const server = await startTestServer();
  const report = join(reports, "unit.tap");
  const files = fs
    .globSync(["{lib,emails,app,bin,demo,prisma,e2e}/**/*.test.{ts,tsx}"], { cwd: projectFolder })
    .filter((file) => !file.includes("/corpus/"))
    // Each is read as a pattern: the brackets of a route would name other files, and the test would not run.
    .map((file) => file.replaceAll("[", "[[]"));
  const code = await node(
    "--test",
    // On two cores: many tests wait for a clock or a server.
    "--test-concurrency=3",
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=tap",
    `--test-reporter-destination=${report}`,
    ...files.sort(),
  );
  if (!server.adopted) await server.stop();
  const tap = fs.readFileSync(report, "utf8");
  const count = (word: string) => Number(new RegExp(`^# ${word} (\\d+)`, "m").exec(tap)?.[1] ?? 0);
  // A test that did not run proves nothing.
  const failed = count("fail") + count("cancelled") + count("skipped") + count("todo");
  return { passed: count("pass"), failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** Rounds wait more than they work: five beside five. */
async function torture(): Promise<Count> {
  await requireTools("dovecot");
  await requireTools("pooler");
  const lanes = await Promise.all(
    ["1", "6"].map((seed) =>
      check("torture/main.ts", "--rounds", "5", "--seed", seed, "--recipients", "2500"),
    ),
  );
  return {
    passed: lanes.reduce((sum, { passed }) => sum + passed, 0),
    failed: lanes.reduce((sum, { failed }) => sum + failed, 0),
  };
}

async function endToEnd(): Promise<Count> {
  await requireTools("browser");
  await requireTools("proxies");
  const report = join(reports, "e2e.json");
  fs.rmSync(report, { force: true });
  const code = await node(bin("@playwright/test/cli.js"), "test");
  const { stats } = JSON.parse(fs.readFileSync(report, "utf8")) as {
    stats: { expected: number; unexpected: number; skipped: number; flaky: number };
  };
  const failed = stats.unexpected + stats.skipped + stats.flaky;
  return { passed: stats.expected, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function node(...args: string[]): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, args, { cwd: projectFolder, stdio: "inherit" });
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function refuse(names: string[]): number {
  console.error(`Unknown: ${names.join(", ")}. Parts: ${parts.map(({ name }) => name).join(", ")}`);
  return 2;
}
