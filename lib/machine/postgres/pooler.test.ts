/** A real PgBouncer between us and PostgreSQL. */
import "#testing/database";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { requireSession } from "#lib/machine/postgres/pooler";
import { startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { startPooler } from "#testing/pooler";
import { until } from "#testing/until";

const direct = process.env.DATABASE_URL ?? "";
const folder = mkdtempSync(join(tmpdir(), "src-pooled-"));
after(() => rmSync(folder, { recursive: true }));
after(disconnect);

test("PostgreSQL itself gives each connection its session", () => requireSession(direct));

test("in transaction mode nothing starts, and the sentence says what to do", async (t) => {
  const pooler = await startPooler(direct, "transaction");
  t.after(pooler.stop);
  await assert.rejects(requireSession(pooler.url), /pool_mode = session/);
  for (const program of ["bin/worker.ts", "bin/web.ts", "bin/start.ts"]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
      env: { ...process.env, DATABASE_URL: pooler.url, SRC_DATA_DIR: folder },
      encoding: "utf8",
      timeout: 60_000,
    });
    assert.equal(status, 1, program);
    assert.match(`${stdout}${stderr}`, /pooler en mode « transaction »/, program);
  }
  assert.equal((await sql`select from workers`).length, 0);
});

test("in session mode everything leaves, though the pooler is killed on the way", async (t) => {
  const pooler = await startPooler(direct, "session");
  const server = await startCountingServer({ delay: () => 5 });
  t.after(pooler.stop);
  t.after(server.close);
  await requireSession(pooler.url);
  const { campaign } = await sendingCampaign({ port: server.port, recipients: 400, maxConnections: 4 });
  const worker = spawn(process.execPath, ["bin/worker.ts"], {
    env: { ...process.env, DATABASE_URL: pooler.url, SRC_LEASE_SECONDS: "2", LOG_LEVEL: "silent" },
    stdio: "inherit",
  });
  t.after(() => worker.kill("SIGKILL"));
  await until(() => server.accepted.size > 50, "under way");
  await pooler.restart();
  await until(async () => {
    const [left] = await sql<{ n: number }>`
      select count(*)::int as n from deliveries where campaign_id = ${campaign} and status in ('queued', 'sending')`;
    return left?.n === 0;
  }, "nothing waits");
  const [{ unknown } = { unknown: 0 }] = await sql<{ unknown: number }>`
    select count(*)::int as unknown from deliveries where campaign_id = ${campaign} and status = 'unknown'`;
  assert.ok(unknown <= 4, `${unknown} unknown`);
  assert.ok(
    [...server.accepted.values()].every((times) => times === 1),
    "nobody twice",
  );
  assert.ok(server.accepted.size >= 400 - unknown, "nobody lost");
  worker.kill("SIGTERM");
  const [code] = await once(worker, "exit");
  assert.equal(code, 0);
});
