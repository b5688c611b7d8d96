import assert from "node:assert/strict";
import { after, test } from "node:test";
import { becomeSupervisor, declareUse } from "#lib/machine/supervisor/lock";
import { createTestDatabase } from "#testing/postgres";

const database = await createTestDatabase("empty");
after(database.drop);

test("a folder has one supervisor, and the second learns who it is", async () => {
  const first = await declareUse(database.url, "src-supervisor 123 3000");
  const second = await declareUse(database.url, "src-supervisor 456 3001");
  assert.equal(await becomeSupervisor(first.client, "/srv/src"), null);
  assert.deepEqual(await becomeSupervisor(second.client, "/srv/src"), { holder: "src-supervisor 123 3000" });
  assert.equal(
    await becomeSupervisor(second.client, "/srv/other"),
    null,
    "another folder is another installation",
  );
  await Promise.all([first.usage.release(), second.usage.release()]);
});

test("a supervisor that dies leaves its place", async () => {
  const first = await declareUse(database.url, "dies");
  assert.equal(await becomeSupervisor(first.client, "/srv/src"), null);
  await first.client.end();
  await first.usage.lost;
  const next = await declareUse(database.url, "succeeds");
  let taken = await becomeSupervisor(next.client, "/srv/src");
  // The server notices the end of a connection a moment later.
  for (let i = 0; taken && i < 100; i++) taken = await becomeSupervisor(next.client, "/srv/src");
  assert.equal(taken, null);
  await next.usage.release();
});

test("only the last user of a database is told that nobody is left", async () => {
  const first = await declareUse(database.url, "first");
  const second = await declareUse(database.url, "second");
  assert.equal(await first.usage.release(), false);
  assert.equal(await second.usage.release(), true);
});
