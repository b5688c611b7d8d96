/** What a site sends by itself: judged before it is read, once, and never twice the same. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, beforeEach, test } from "node:test";
import { sql } from "#lib/machine/db";
import { bodyLimit } from "#lib/machine/web/body";
import { signDelivery } from "#lib/sites/signatures/rules";
import { takePush, tellPushed } from "#lib/sites/sources/door";
import { receivePush } from "#lib/sites/sources/push";
import { renewSecret } from "#lib/sites/sources/secret";
import { runQueuedSyncs } from "#lib/sites/sources/sync";
import { sha256 } from "#testing/signed-site";
import { peopleXml } from "#testing/sources";

let secret = "";
let source = 0;
const path = "/api/import/envoi";
const body = (n: number) => peopleXml([{ id: `e${n}`, lastName: `Envoyé ${n}` }], "envoi");

before(async () => {
  const [row] = await sql<{ id: number }>`
    insert into sources (key, name, default_kind, access) values ('envoi', 'Envoi', 'former_src', 'signed') returning id`;
  source = row?.id ?? 0;
  const made = await renewSecret(source, null);
  assert.ok(made.ok);
  secret = made.secret;
});
beforeEach(() => sql`update sync_runs set status = 'succeeded', finished_at = now() where status = 'queued'`);

type Of = {
  key?: string;
  time?: number;
  nonce?: string;
  sha?: string;
  secret?: string;
  at?: string;
  method?: "POST" | "GET";
};

function headers(text: string, of: Of = {}): Record<string, string> {
  const time = of.time ?? Math.floor(Date.now() / 1000);
  const nonce = of.nonce ?? randomBytes(16).toString("hex");
  const bodySha256 = of.method === "GET" ? "" : (of.sha ?? sha256(text));
  const idempotencyKey = of.method === "GET" ? "" : (of.key ?? randomBytes(8).toString("hex"));
  const delivery = { method: of.method ?? "POST", path: of.at ?? path, bodySha256, idempotencyKey } as const;
  return {
    "x-src-time": String(time),
    "x-src-nonce": nonce,
    "x-src-content-sha256": bodySha256,
    "idempotency-key": idempotencyKey,
    "x-src-signature": signDelivery(of.secret ?? secret, delivery, time, nonce),
  };
}

const send = (text: string | ReadableStream, given: Record<string, string>, key = "envoi") =>
  takePush(
    new Request(`http://crm.example${path}`, {
      method: "POST",
      body: text,
      headers: given,
      duplex: "half",
    } as RequestInit),
    key,
  );
const runs = async () => (await sql<{ n: number }>`select count(*)::int as n from sync_runs`)[0]?.n;
const watched = (location: string, of: Of = {}) =>
  tellPushed(
    new Request(`http://crm.example${location}`, {
      headers: headers("", { method: "GET", at: location, ...of }),
    }),
    "envoi",
    location.split("/").at(-1) ?? "",
  );

test("people who are sent are imported, and the run can be watched", async () => {
  const answer = await send(body(1), headers(body(1)));
  assert.equal(answer.status, 202);
  const location = answer.headers.get("location") ?? "";
  assert.equal((await (await watched(location)).json()).status, "queued");
  await runQueuedSyncs();
  const { status, created, read } = await (await watched(location)).json();
  assert.deepEqual([status, created, read], ["succeeded", 1, 1]);
  assert.equal((await watched(location, { secret: "another" })).status, 401);
  assert.equal((await watched("/api/import/envoi/999999")).status, 404);
  // Another site's run is none of this one's business.
  const [other] = await sql<{ id: number }>`
    with other as (insert into sources (key, name, default_kind) values ('autre', 'Autre', 'former_src') returning id)
    insert into sync_runs (source_id, origin) select id, 'push' from other returning id`;
  assert.equal((await watched(`/api/import/envoi/${other?.id}`)).status, 404);
});

test("what is not signed, not now, not for us or not for the first time is refused, unread", async () => {
  const before = await runs();
  const late = Math.floor(Date.now() / 1000);
  let read = false;
  const unread = () =>
    new ReadableStream(
      {
        pull(stream) {
          read = true;
          stream.close();
        },
      },
      { highWaterMark: 0 },
    );
  const wrong = [
    {},
    headers(body(2), { secret: "another" }),
    headers(body(2), { time: late - 400 }),
    headers(body(2), { time: late + 400 }),
    headers(body(2), { at: "/api/import/autre" }),
    headers(body(2), { nonce: "short" }),
    { ...headers(body(2)), "idempotency-key": "changed" },
    { ...headers(body(2)), "x-src-content-sha256": sha256("changed") },
  ];
  for (const given of wrong) assert.equal((await send(unread(), given)).status, 401);
  assert.equal((await send(unread(), headers(body(2)), "inconnue")).status, 401);
  assert.equal(read, false);
  assert.equal(await runs(), before);
  const good = headers(body(2));
  assert.equal((await send(body(2), good)).status, 202);
  assert.equal((await send(body(2), good)).status, 401);
});

test("who has the key but comes from another network is told so, unread; what the caller writes of itself is nothing", async (t) => {
  t.after(() => sql`update sources set networks = '{}' where id = ${source}`);
  await sql`update sources set networks = '{192.0.2.0/24,2001:db8::7}' where id = ${source}`;
  const before = await runs();
  const given = headers(body(30), { key: "d-ailleurs" });
  const from = (peer: string, more: Record<string, string> = {}) =>
    send(body(30), { ...given, "x-src-peer": peer, ...more });
  for (const peer of ["198.51.100.7", "2001:db8::8", "unknown", "192.0.2.7, 198.51.100.7"]) {
    const answer = await from(peer, { "x-forwarded-for": "192.0.2.7", "x-real-ip": "192.0.2.7" });
    assert.deepEqual([answer.status, await answer.text(), [...answer.headers]], [403, "", []], peer);
  }
  assert.equal((await send(body(30), given)).status, 403);
  // Without the key one learns nothing of the list.
  assert.equal((await from("198.51.100.7", { "x-src-signature": "0" })).status, 401);
  assert.equal(await runs(), before);
  // What was refused has not spent the nonce.
  const taken = await from("192.0.2.7");
  assert.equal(taken.status, 202);
  const location = taken.headers.get("location") ?? "";
  const watch = (peer: string) =>
    tellPushed(
      new Request(`http://crm.example${location}`, {
        headers: { ...headers("", { method: "GET", at: location }), "x-src-peer": peer },
      }),
      "envoi",
      location.split("/").at(-1) ?? "",
    );
  assert.deepEqual([(await watch("2001:DB8::7")).status, (await watch("2001:db8::8")).status], [200, 403]);
});

test("the same key with the same body is the same run, with another one it is refused", async () => {
  const key = "nuit-du-27";
  const [first, again] = [
    await send(body(3), headers(body(3), { key })),
    await send(body(3), headers(body(3), { key })),
  ];
  assert.deepEqual([first.status, again.status], [202, 202]);
  assert.equal(first.headers.get("location"), again.headers.get("location"));
  assert.equal((await send(body(4), headers(body(4), { key }))).status, 422);
});

test("while a run is under way another waits, and leaves nothing behind", async () => {
  await send(body(5), headers(body(5)));
  const before = await runs();
  const busy = await send(body(6), headers(body(6), { key: "plus-tard" }));
  assert.deepEqual([busy.status, busy.headers.get("retry-after"), await runs()], [409, "60", before]);
  await sql`update sync_runs set status = 'succeeded', finished_at = now() where status = 'queued'`;
  assert.equal((await send(body(6), headers(body(6), { key: "plus-tard" }))).status, 202);
});

test("a body that is cut, or another than was announced, leaves nothing behind", async () => {
  const before = await runs();
  assert.equal((await send(body(7), headers(body(7), { sha: sha256("other") }))).status, 400);
  const cut = new ReadableStream({
    start(stream) {
      stream.enqueue(Buffer.from(body(7).slice(0, 50)));
    },
    pull: () => Promise.reject(new Error("gone")),
  });
  assert.equal((await send(cut, headers(body(7), { key: "reprise" }))).status, 400);
  assert.equal(await runs(), before);
  assert.equal((await send(body(7), headers(body(7), { key: "reprise" }))).status, 202);
});

test("2 GB are refused at the limit, whatever was announced, and leave nothing", async () => {
  const before = await runs();
  let given = 0;
  async function* endless() {
    while (given++ < 2048) yield Buffer.alloc(1_048_576, 32);
  }
  const delivery = { method: "POST", path, bodySha256: sha256("x"), idempotencyKey: "enorme" } as const;
  const answer = await receivePush(source, delivery, endless(), 3 * 1_048_576);
  assert.deepEqual([answer, given, await runs()], [{ status: 413, error: "tooBig" }, 4, before]);
});

test("a sender whose place was taken while it sent is not told that its run waits", async () => {
  const large = "x".repeat(300_000);
  const slow = new ReadableStream(
    {
      start: (stream) => stream.enqueue(Buffer.from(large)),
      async pull(stream) {
        await sql`delete from sync_runs where idempotency_key = 'lent'`;
        stream.close();
      },
    },
    { highWaterMark: 0 },
  );
  const answer = await send(slow, headers(large, { key: "lent" }));
  assert.deepEqual([answer.status, await answer.json()], [409, { error: "busy" }]);
});

test("what a killed process left makes room for who comes back after a quarter of an hour, and for nobody else", async () => {
  for (const key of ["tuee-0", "tuee-1", "tuee-2"])
    await sql`
      insert into sync_runs (source_id, status, origin, finished_at, error, idempotency_key, body_sha256, created_at)
      values (${source}, 'failed', 'push', now(), 'uploadInterrupted', ${key}, ${sha256(body(11))},
        now() - case when ${key} = 'tuee-2' then interval '14 minutes' else interval '16 minutes' end)`;
  // The key of another source, and one whose run was received, are other things.
  await sql`
    insert into sync_runs (source_id, status, origin, finished_at, error, idempotency_key, body_sha256, created_at)
    select id, 'failed', 'push', now(), case when key = 'autre' then 'uploadInterrupted' else 'truncated' end,
      case when key = 'autre' then 'tuee-0' else 'recue' end, ${sha256(body(11))}, now() - interval '1 hour'
    from sources where key in ('autre', 'envoi')`;
  assert.equal((await send(body(11), headers(body(11), { key: "recue" }))).status, 202);
  await sql`insert into sync_chunks (run_id, n, bytes) select id, 0, 'half' from sync_runs where idempotency_key = 'tuee-0'`;
  assert.equal((await send(body(11), headers(body(11), { key: "tuee-2" }))).status, 409);
  const again = await send(body(11), headers(body(11), { key: "tuee-0" }));
  assert.equal(again.status, 202);
  const left = await sql<{ key: string; bytes: string }>`
    select idempotency_key as key, coalesce(convert_from(c.bytes, 'UTF8'), '') as bytes
    from sync_runs r left join sync_chunks c on c.run_id = r.id where source_id = ${source} and idempotency_key like 'tuee-%' order by 1`;
  assert.deepEqual(
    left.map(({ key, bytes }) => [key, bytes]),
    [
      ["tuee-0", body(11)],
      ["tuee-1", ""],
      ["tuee-2", ""],
    ],
  );
  const others = await sql`
    select error from sync_runs where idempotency_key = 'recue' or (idempotency_key = 'tuee-0' and source_id <> ${source}) order by error`;
  assert.deepEqual(others, [{ error: "truncated" }, { error: "uploadInterrupted" }]);
});

test("a fault of ours while it is kept is no fault of the sender, and the same key may come again", async () => {
  await sql`alter table sync_chunks add constraint broken check (n < 0) not valid`;
  await assert.rejects(send(body(10), headers(body(10), { key: "panne" })));
  await sql`alter table sync_chunks drop constraint broken`;
  assert.equal((await send(body(10), headers(body(10), { key: "panne" }))).status, 202);
});

test("two at the same time with one key begin one run", async () => {
  const both = await Promise.all([1, 2].map(() => send(body(8), headers(body(8), { key: "double" }))));
  const [found] = await sql<{
    n: number;
  }>`select count(*)::int as n from sync_runs where idempotency_key = 'double'`;
  assert.equal(found?.n, 1);
  assert.ok(both.some(({ status }) => status === 202));
  assert.ok(both.every(({ status }) => status === 202 || status === 409));
});

test("a source that is archived, or not signed, takes nothing", async () => {
  await sql`update sources set archived_at = now()`;
  assert.equal((await send(body(9), headers(body(9)))).status, 401);
  await sql`update sources set archived_at = null, access = 'bearer'`;
  assert.equal((await send(body(9), headers(body(9)))).status, 401);
  await sql`update sources set access = 'signed'`;
});

test("its body may be as large as a feed, and no other address beside it", () => {
  assert.equal(bodyLimit("POST", "/api/import/envoi"), 200 * 1024 * 1024);
  assert.equal(bodyLimit("POST", "/api/import/envoi/12"), 64 * 1024);
  assert.equal(bodyLimit("POST", "/api/import/"), 64 * 1024);
});
