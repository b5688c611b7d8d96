import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeHealth, lateSeconds, silenceSeconds } from "#lib/machine/health/rules";

const well = { workers: 1, heartbeatAge: 2, waiting: 0, oldestDue: 0, held: false };

test("all is well with a database, a living worker and no late mail", () => {
  assert.deepEqual(judgeHealth(well, 3), {
    status: "ok",
    database: { ok: true, milliseconds: 3 },
    worker: { ok: true, count: 1, heartbeatAge: 2 },
    queue: { ok: true, waiting: 0, oldestDue: 0 },
    held: false,
  });
});

test("without a database, down, whatever else", () => {
  const health = judgeHealth(null, 3000);
  assert.equal(health.status, "down");
  assert.equal(health.database.ok, false);
  assert.equal(health.queue.ok, false, "nobody can say that nothing waits");
});

test("without a worker that speaks, degraded: mail would not leave", () => {
  assert.equal(judgeHealth({ ...well, workers: 0, heartbeatAge: null }, 3).status, "degraded");
  assert.equal(judgeHealth({ ...well, heartbeatAge: silenceSeconds + 1 }, 3).status, "degraded");
});

test("a late queue is told, and does not make the service sick: a quota may be the reason", () => {
  const health = judgeHealth({ ...well, waiting: 900, oldestDue: lateSeconds + 1 }, 3);
  assert.equal(health.queue.ok, false);
  assert.equal(health.status, "ok");
});

test("held, it says so: nothing leaves, however well the rest is", () => {
  const health = judgeHealth({ ...well, held: true }, 3);
  assert.equal(health.status, "degraded");
  assert.equal(health.held, true);
});
