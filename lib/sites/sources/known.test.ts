/** A file that is as it was is not sent again, and nothing is believed of that which may not be. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { sql } from "#lib/machine/db";
import { conditionsOf, marksOf } from "#lib/sites/sources/known";
import { editSource, requestSync, undoRun } from "#lib/sites/sources/mutations";
import { sourceInput } from "#lib/sites/sources/schema";
import { runSync } from "#lib/sites/sources/sync";
import { hireStaff } from "#testing/feeds";
import { startSite } from "#testing/remote-site";
import { peopleXml } from "#testing/sources";

let body = "";
let marks: Record<string, string> = {};
const old = "Thu, 26 Nov 2026 08:00:00 GMT";
/** As a server of files does: it says « 304 » to the mark it gives now. */
const site = await startSite(({ headers }, response) => {
  const same = marks.etag
    ? headers["if-none-match"] === marks.etag
    : marks["last-modified"] !== undefined && headers["if-modified-since"] === marks["last-modified"];
  if (same) response.writeHead(304, marks).end();
  else response.writeHead(200, marks).end(body);
});
after(() => site.close());
const staff = await hireStaff();
let source = 0;

beforeEach(async () => {
  await sql`truncate sources, sync_runs, contacts restart identity cascade`;
  const [row] = await sql<{ id: number }>`
    insert into sources (key, name, url, allow_private, default_kind, updated_at)
    values ('marque', 'Marque', ${site.url}, true, 'former_src', now() - interval '1 hour') returning id`;
  source = row?.id ?? 0;
  body = peopleXml(
    [
      { id: "1", lastName: "Dupont" },
      { id: "2", lastName: "Durand" },
    ],
    "marque",
  );
  marks = { etag: '"un"' };
});

type Ran = {
  id: number;
  status: string;
  rows: number;
  unchanged: number;
  bytes: number;
  asked: string;
  error: string;
};
async function pull(): Promise<Ran> {
  const asked = await requestSync(source, null);
  assert.ok(asked.ok);
  await runSync(asked.runId);
  const [run] = await sql<Ran>`
    select id, status, rows_read as rows, unchanged, bytes_read as bytes, error from sync_runs where id = ${asked.runId}`;
  assert.ok(run);
  const { headers } = site.asked.at(-1) ?? {};
  return { ...run, asked: String(headers?.["if-none-match"] ?? headers?.["if-modified-since"] ?? "") };
}
const seen = ({ status, rows, unchanged, asked }: Ran) => [status, rows, unchanged, asked];

test("a file whose mark is as it was ends the run unchanged, again and again, with the people of last time", async () => {
  assert.deepEqual(seen(await pull()), ["succeeded", 2, 0, ""]);
  for (let turn = 0; turn < 2; turn++) {
    const run = await pull();
    assert.deepEqual([...seen(run), run.bytes], ["succeeded", 2, 2, '"un"', 0]);
  }
  marks = { etag: '"deux"' };
  body = body.replace("Durand", "Durant");
  assert.deepEqual(seen(await pull()), ["succeeded", 2, 1, '"un"']);
  assert.deepEqual(seen(await pull()), ["succeeded", 2, 2, '"deux"']);
});

test("a date does as well, once it is past by a second", async () => {
  marks = { "last-modified": old };
  await pull();
  assert.deepEqual(seen(await pull()), ["succeeded", 2, 2, old]);
  const now = new Date().toUTCString();
  const of = (headers: Record<string, string>) => conditionsOf(marksOf(headers));
  assert.deepEqual(of({ "last-modified": now, date: now }), {});
  assert.deepEqual(of({ "last-modified": old, date: now, etag: 'W/"é"' }), { "if-modified-since": old });
  assert.deepEqual(of({ "last-modified": "hier", etag: 'W/"a"' }), { "if-none-match": 'W/"a"' });
  for (const etag of ["bare", '"a"b"', `"${"x".repeat(401)}"`]) assert.deepEqual(of({ etag }), {}, etag);
});

test("settings that were saved since, another address or a run undone: the file is read again", async () => {
  await pull();
  // Of a moment that rounding cannot make that of the next run.
  await sql`update sources set updated_at = now() - interval '2 milliseconds'`;
  assert.equal((await pull()).asked, "");
  assert.equal((await pull()).asked, '"un"');
  const form = {
    name: "Marque",
    key: "marque",
    url: `${site.url}?autre`,
    allowPrivate: "true",
    defaultKind: "former_src",
  };
  await editSource(source, sourceInput.parse(form), staff);
  const first = await pull();
  assert.equal(first.asked, "");
  assert.equal((await pull()).asked, '"un"');
  // The run that is undone is not the last: the one after it changed nothing.
  const [wrote] = await sql<{
    id: number;
  }>`select id from sync_runs where change_set_id is not null order by id desc limit 1`;
  assert.deepEqual(await undoRun(wrote?.id ?? 0, staff), { ok: true });
  assert.equal((await pull()).asked, "");
});

test("what is undone of another source is none of this one’s business", async () => {
  await pull();
  const [other] = await sql<{ id: number }>`
    with other as (insert into sources (key, name, default_kind) values ('autre', 'Autre', 'former_src') returning id),
      made as (insert into change_sets (kind, status, undone_at) values ('sync', 'undone', now()) returning id)
    insert into sync_runs (source_id, origin, status, finished_at, change_set_id)
    select other.id, 'pull', 'succeeded', now(), made.id from other, made returning id`;
  assert.ok(other);
  assert.equal((await pull()).asked, '"un"');
});

test("a run that left somebody aside, failed, or waits for somebody is no reference", async () => {
  body = body.replace('id="2"', 'id=""');
  await pull();
  assert.equal((await pull()).asked, "", "a row was refused");
  body = peopleXml([{ id: "1", lastName: "Dupont" }], "marque");
  await pull();
  await sql`update sync_runs set status = 'held' where id = (select max(id) from sync_runs)`;
  assert.equal((await pull()).asked, "", "held");
  await sql`update sync_runs set status = 'failed' where id = (select max(id) from sync_runs)`;
  assert.equal((await pull()).asked, "", "the run before it was held");
  // One that failed changed nothing: the one before it is.
  await sql`insert into sync_runs (source_id, origin, status, finished_at) values (${source}, 'pull', 'failed', now())`;
  assert.equal((await pull()).asked, '"un"');
  await sql`insert into sync_runs (source_id, origin, status, finished_at) values (${source}, 'upload', 'succeeded', now())`;
  assert.equal((await pull()).asked, "", "a file of somebody came between");
});

test("once a day everything is read all the same", async () => {
  await pull();
  await sql`update sync_runs set created_at = now() - interval '23 hours'`;
  await sql`update sources set updated_at = now() - interval '2 days'`;
  assert.equal((await pull()).asked, '"un"');
  await sql`update sync_runs set created_at = now() - interval '25 hours' where bytes_read > 0`;
  assert.equal((await pull()).asked, "");
});

test("« unchanged » to who did not ask for it is no answer, nor one of where it points to", async () => {
  const answer = site.answer;
  site.answer = (_, response) => response.writeHead(304).end();
  const lie = await pull();
  assert.deepEqual([lie.status, lie.error], ["failed", "httpStatus"]);
  // Nor is a failure one, of a site that was asked for what is new.
  site.answer = answer;
  await pull();
  for (const [status, reason] of [
    [500, "httpStatus"],
    [0, "disconnected"],
  ] as const) {
    site.answer = (_, response) => (status ? response.writeHead(status).end() : response.destroy());
    const failed = await pull();
    assert.deepEqual([failed.asked, failed.status, failed.error], ['"un"', "failed", reason]);
  }
  const other = await startSite((_, response) => response.writeHead(200, marks).end(body), "127.0.0.2");
  site.answer = (_, response) => response.writeHead(302, { location: other.url }).end();
  await pull();
  site.answer = answer;
  assert.equal((await pull()).asked, "", "the mark of another file");
  site.answer = (_, response) => response.writeHead(302, { location: other.url }).end();
  await pull();
  assert.equal(other.asked.at(-1)?.headers["if-none-match"], undefined);
  site.answer = answer;
  await other.close();
});

test("« unchanged » leaves no whole file behind, which a second worker would take for an empty one", async () => {
  await pull();
  const asked = await requestSync(source, null);
  assert.ok(asked.ok);
  await runSync(asked.runId);
  const [run] = await sql<{
    whole: boolean;
  }>`select fetched_at is not null as whole from sync_runs where id = ${asked.runId}`;
  assert.equal(run?.whole, false);
});
