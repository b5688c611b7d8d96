import { after, beforeEach, test } from "node:test";
import "#testing/database";
import assert from "node:assert/strict";
import { sql } from "#lib/machine/db";
import { seal } from "#lib/machine/seal";
import { requestSync } from "#lib/sites/sources/mutations";
import { runQueuedSyncs, runSync } from "#lib/sites/sources/sync";
import { receiveUpload } from "#lib/sites/sources/upload";
import { says, startSite } from "#testing/remote-site";
import { bulkFile, fileXml, once, peopleXml } from "#testing/sources";

const site = await startSite(says(""));
after(() => site.close());

let sourceId = 0;
let key = "";
let n = 0;

beforeEach(async () => {
  key = `site-${++n}`;
  const [source] = await sql<{ id: number }>`
    insert into sources (key, name, url, allow_private, default_kind, updated_at)
    values (${key}, ${key}, ${site.url}, true, 'former_src', now()) returning id`;
  sourceId = source?.id ?? 0;
  const token = Buffer.from(seal("jeton", "sources.sealed_token", sourceId));
  await sql`update sources set sealed_token = ${token} where id = ${sourceId}`;
  site.answer = says(peopleXml([{ id: "1", emails: [`${key}@exemple.fr`] }], key));
});

const queue = async () => {
  const result = await requestSync(sourceId, null);
  assert.ok(result.ok);
  return result.runId;
};
const runOf = async (id: number) => (await sql`select * from sync_runs where id = ${id}`)[0];
const known = async () =>
  (
    await sql<{ n: number }>`select count(*)::int as n from external_identities where source_id = ${sourceId}`
  )[0]?.n;

test("a queued run fetches with its token, imports and says what it did", async () => {
  const id = await queue();
  assert.equal(await runQueuedSyncs(), 1);
  const run = await runOf(id);
  assert.deepEqual(
    [run?.status, run?.rows_read, run?.created, run?.attempts, run?.error],
    ["succeeded", 1, 1, 1, null],
  );
  assert.equal(site.asked.at(-1)?.headers.authorization, "Bearer jeton");
  const [activity] =
    await sql`select data from activities where kind = 'contact.imported' and (data->>'runId')::int = ${id}`;
  assert.ok(activity);
  assert.equal(await runSync(id), false);
});

test("two clicks make one run, and two workers execute it once", async () => {
  const id = await queue();
  assert.deepEqual(await requestSync(sourceId, null), { ok: false, reason: "alreadyRunning" });
  const asked = site.asked.length;
  const did = await Promise.all([runSync(id), runSync(id), runSync(id)]);
  assert.equal(did.filter(Boolean).length, 1);
  assert.equal(site.asked.length, asked + 1);
});

test("a refused file fails the run with its line and leaves nothing", async () => {
  site.answer = says(
    fileXml(
      `<contact id="1"><lastName>A</lastName></contact>\n<contact id="2"><kind>x</kind></contact>\n<contact id="3">`,
      key,
    ).replace("</contacts>", ""),
  );
  const id = await queue();
  await runQueuedSyncs();
  const run = await runOf(id);
  assert.deepEqual(
    [run?.status, run?.error, run?.error_line, run?.rows_read, run?.created],
    ["failed", "truncated", 6, 2, 0],
  );
  assert.equal(await known(), 0);
  const errors = await sql`select reason, line from sync_run_errors where run_id = ${id} order by id`;
  assert.deepEqual(
    errors.map((e) => [e.line, e.reason]),
    [
      [4, "kind"],
      [4, "required"],
    ],
  );
});

test("a private address is refused when the administrator did not allow it", async () => {
  await sql`update sources set allow_private = false where id = ${sourceId}`;
  const id = await queue();
  await runQueuedSyncs();
  assert.deepEqual(
    [(await runOf(id))?.error, (await runOf(id))?.error_data.host],
    ["privateAddress", "127.0.0.1"],
  );
});

test("an upload waits in the database, is read by the worker, and is kept for who decides of so many people", async () => {
  const user = await sql<{
    id: number;
  }>`insert into users (email, name, role) values (${`${key}@u.fr`}, 'U', 'secretariat') returning id`;
  const result = await receiveUpload(sourceId, "anciens.xml", bulkFile(1500, key), user[0]?.id ?? 0);
  assert.ok(result.ok);
  const chunks = async () =>
    (
      await sql<{
        n: number;
      }>`select count(*)::int as n from sync_chunks where run_id = ${result.runId}`
    )[0]?.n ?? 0;
  assert.ok((await chunks()) >= 2);
  await runQueuedSyncs();
  const run = await runOf(result.runId);
  assert.deepEqual([run?.status, run?.created, run?.change_set_id], ["held", 1500, null]);
  assert.ok((await chunks()) >= 2);
  assert.deepEqual(
    await receiveUpload(sourceId, "vide.xml", once(), user[0]?.id ?? 0).then((r) => (r.ok ? "" : r.reason)),
    "emptyFile",
  );
  const cut = (async function* () {
    yield Buffer.alloc(300_000, 32);
    throw new Error("the browser went away");
  })();
  await assert.rejects(receiveUpload(sourceId, "cut.xml", cut, user[0]?.id ?? 0));
  const [left] =
    await sql`select status, error from sync_runs where source_id = ${sourceId} order by id desc limit 1`;
  assert.deepEqual([left?.status, left?.error], ["failed", "uploadInterrupted"]);
});

test("an upload during a run is refused", async () => {
  await queue();
  const result = await receiveUpload(
    sourceId,
    "a.xml",
    once("<contacts/>"),
    (await sql<{ id: number }>`select id from users limit 1`)[0]?.id ?? 0,
  );
  assert.deepEqual(result, { ok: false, reason: "alreadyRunning" });
});

test("a run that kills its worker each time is given up", async () => {
  const id = await queue();
  await sql`update sync_runs set status = 'running', attempts = 3, started_at = now() where id = ${id}`;
  await runQueuedSyncs();
  assert.deepEqual([(await runOf(id))?.status, (await runOf(id))?.error], ["failed", "interrupted"]);
  // As any failure of what the clock asked: tried again, then told.
  const failures = async () =>
    (await sql<{ n: number }>`select failures as n from sources where id = ${sourceId}`)[0]?.n;
  assert.equal(await failures(), 1);
  const [user] = await sql<{ id: number }>`
    insert into users (email, name, role) values (${`${key}@u.fr`}, 'U', 'secretariat') returning id`;
  for (const cancelled of [false, true]) {
    const asked = await queue();
    await sql`update sync_runs set status = 'running', attempts = 3, user_id = ${cancelled ? null : (user?.id ?? 0)},
      cancelled_at = case when ${cancelled} then now() end where id = ${asked}`;
    await runQueuedSyncs();
    assert.deepEqual([(await runOf(asked))?.status, await failures()], ["failed", 1]);
  }
});
