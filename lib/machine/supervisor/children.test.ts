import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { keep } from "#lib/machine/supervisor/children";

const scratch = mkdtempSync(join(tmpdir(), "src-children-"));
after(() => rmSync(scratch, { recursive: true }));

function program(name: string, text: string): string {
  const path = join(scratch, `${name}.mjs`);
  writeFileSync(path, text);
  return path;
}

const read = (name: string) => readFileSync(join(scratch, `${name}.log`), "utf8");

async function until(condition: () => boolean) {
  for (let i = 0; i < 500 && !condition(); i++) await sleep(20);
  assert.ok(condition());
}

test("a child that dies is started again, later each time", async () => {
  const deaths: number[] = [];
  const path = program("dying", "process.exit(3)");
  const child = keep("dying", [path], {
    logs: scratch,
    onDeath: (_, code, delay) => {
      assert.equal(code, 3);
      deaths.push(delay);
    },
  });
  await until(() => deaths.length >= 2);
  await child.stop(1000);
  assert.deepEqual(deaths.slice(0, 2), [500, 1000]);
});

test("a child that will not stop is made to", async () => {
  const path = program(
    "deaf",
    "process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log('up')",
  );
  const child = keep("deaf", [path], { logs: scratch, onDeath: () => assert.fail("stopped, not dead") });
  await until(() => read("deaf").includes("up"));
  await child.stop(300);
  assert.match(read("deaf"), /no/);
});

test("a child ends with its supervisor, even killed", async () => {
  const grandchild = program("orphan", "setInterval(() => {}, 1000); console.log('pid', process.pid)");
  const children = join(import.meta.dirname, "children.ts");
  const supervisor = program(
    "supervisor",
    `import { keep } from ${JSON.stringify(children)};
     keep("orphan", [${JSON.stringify(grandchild)}], { logs: ${JSON.stringify(scratch)}, onDeath() {} });`,
  );
  const child = keep("supervisor", [supervisor], { logs: scratch, onDeath: () => undefined });
  await until(() => /pid \d+/.test(readSafely("orphan")));
  const pid = Number(/pid (\d+)/.exec(read("orphan"))?.[1]);
  await child.stop(0);
  await until(() => !isAlive(pid));
});

function readSafely(name: string): string {
  try {
    return read(name);
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a log that grows while its child runs is put aside, and the child goes on writing", {
  timeout: 60_000,
}, async () => {
  const path = program(
    "talking",
    `const line = "x".repeat(1_000_000) + "\\n"; let n = 0;
     const clock = setInterval(() => { console.log(n + line); if (++n === 12) { clearInterval(clock); setInterval(() => console.log("still"), 100); } }, 20)`,
  );
  const child = keep("talking", [path], { logs: scratch, onDeath: () => assert.fail("it goes on") });
  const sizeOf = (name: string) => statSync(join(scratch, name), { throwIfNoEntry: false })?.size ?? 0;
  for (let i = 0; i < 2_000 && sizeOf("talking.log.1") === 0; i++) await sleep(20);
  assert.ok(sizeOf("talking.log.1") > 10_000_000);
  await until(() => sizeOf("talking.log") > 0);
  assert.ok(sizeOf("talking.log") < 3_000_000, "emptied, without a hole");
  assert.match(read("talking"), /^(?:\d*x+\n)*(?:still\n)+/);
  await child.stop(1000);
});
