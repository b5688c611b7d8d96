import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const project = join(import.meta.dirname, "../..");

/** All that a program says on both outputs. */
function said(program: string): string {
  const text = `import { logConsole, logEnd } from "#lib/machine/console"; logConsole(); logEnd(); ${program}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", text], {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, LOG_LEVEL: "debug" },
  });
  return stdout + stderr;
}

const programs: Record<string, string> = {
  "a raw error": `console.error(new URIError("malformed: /contacts/marie@src.example/%E0%A4%A"))`,
  "a sentence with an error": `console.warn("Failed for %s", "marie@src.example", new Error("of marie%40src.example"))`,
  "an object": `console.log({ path: "/?q=marie%40src.example", to: ["marie@src.example"] })`,
  "an exception nobody caught": `setTimeout(() => { throw new Error("marie@src.example") })`,
  "a rejection nobody caught": `Promise.reject(new Error("marie@src.example"))`,
  "a thrown text": `throw "marie@src.example"`,
};

for (const [name, program] of Object.entries(programs))
  test(`${name} passes the masked logger`, () => {
    const words = said(program);
    assert.notEqual(words.trim(), "", "it is said");
    assert.doesNotMatch(words, /marie/);
    for (const line of words.trim().split("\n")) assert.ok(JSON.parse(line).level >= 20, line);
  });

test("what nobody caught still ends the process", () => {
  const text = `import { logConsole, logEnd } from "#lib/machine/console"; logConsole(); logEnd(); setInterval(() => {}, 1000); setTimeout(() => { throw new Error("x") })`;
  const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", text], {
    cwd: project,
    timeout: 20_000,
  });
  assert.equal(status, 1);
});
