/** The whole story, as `npm run demo` tells it, in a folder of its own. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Client } from "pg";
import type { Figures } from "#demo/figures";
import { marked } from "#demo/people";
import { startEmbedded } from "#lib/machine/postgres/embedded";
import { projectFolder } from "#lib/machine/supervisor/build";

const folder = mkdtempSync(join(tmpdir(), "src-demo-"));
const minutes = 60_000;
let port: number | undefined;
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command to its end; `killAfter` is a line at which it is killed without notice. */
async function demo(args: string[], killAfter?: RegExp): Promise<{ code: number | null; output: string }> {
  const { DATABASE_URL: _, npm_command: __, ...inherited } = process.env;
  // The same each time: links in the mails that left before the kill lead there.
  port ??= await freePort();
  const environment = { ...inherited, SRC_DATA_DIR: folder, PORT: String(port) };
  const child = spawn(process.execPath, ["bin/demo.ts", ...args], { cwd: projectFolder, env: environment });
  let output = "";
  const hear = (chunk: Buffer) => {
    output += chunk;
    if (killAfter?.test(output)) child.kill("SIGKILL");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

const figuresOf = (output: string) => JSON.parse(output.trim().split("\n").at(-1) ?? "") as Figures;

let first: Figures;

test("killed in the middle of sending, it goes on; everybody is written to once", {
  timeout: 12 * minutes,
}, async () => {
  const killed = await demo(["--exit"], /Lettre SRC composée et lancée/);
  assert.equal(killed.code, null);
  const { code, output } = await demo(["--json", "--exit"]);
  assert.equal(code, 0, output);
  first = figuresOf(output);
  assert.equal(first.status, "sent");
  assert.equal(first.audience, first.recipients + first.excluded);
  assert.equal(first.recipients, first.sent + first.refused);
  assert.ok(first.recipients > 950 && first.recipients < 1040, `${first.recipients} recipients`);
  assert.deepEqual([first.queued, first.unknown, first.duplicates], [0, 0, 0]);
});

test("what came back is what the marks asked for", () => {
  const asked = (...keys: (keyof typeof marked)[]) => keys.reduce((sum, key) => sum + (marked[key] ?? 0), 0);
  assert.equal(first.refused, asked("refus-permanent", "boite-pleine"));
  assert.equal(first.hardBounces, asked("rebond-dur"));
  assert.equal(first.softBounces, asked("rebond-mou", "rebond-blocage"));
  assert.equal(first.delays, asked("retard"));
  assert.equal(first.replies, asked("reponse"));
  assert.equal(first.autoReplies, asked("absent"));
  assert.equal(first.complaints, asked("plainte"));
  assert.equal(first.unsubscribedMail, asked("desabonne"));
  assert.deepEqual([first.unsubscribedOneClick, first.unsubscribedPage], [7, 5]);
  assert.ok(first.clicks > 0);
});

test("both sites gave everybody, eighty organisations among them", () => {
  assert.deepEqual([first.contacts, first.organisations], [1200, 80]);
  for (const { rows, created, updated, unchanged, rejected } of first.syncs) {
    assert.equal(rows, created + updated + unchanged + rejected);
    assert.ok(created > 0 && updated > 0 && unchanged > 0);
    assert.equal(rejected, 0);
  }
  assert.deepEqual(
    first.syncs.map(({ rows }) => rows),
    [780, 445],
  );
});

test("run again, it sends nothing and tells the same", { timeout: 5 * minutes }, async () => {
  const { code, output } = await demo(["--json", "--exit"]);
  assert.equal(code, 0, output);
  assert.deepEqual(figuresOf(output), first);
  assert.equal(statSync(join(folder, "demo.json")).mode & 0o777, 0o600);
});

test("it does not touch a database that is not a demonstration's", { timeout: 2 * minutes }, async () => {
  const server = await startEmbedded(join(folder, "postgres"));
  const query = async (text: string) => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    try {
      return (await client.query<{ n: number }>(text)).rows[0]?.n;
    } finally {
      await client.end();
    }
  };
  await query("update settings set demo_at = null");
  const before = await query("select count(*)::int as n from deliveries");
  for (const args of [["--exit"], ["--reset", "--exit"]]) {
    const { code, output } = await demo(args);
    assert.equal(code, 1);
    assert.match(output, /rien n’a été touché/);
  }
  const again = await startEmbedded(join(folder, "postgres"));
  assert.equal(await query("select count(*)::int as n from deliveries"), before);
  await again.stop();
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
