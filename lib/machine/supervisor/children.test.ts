import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
