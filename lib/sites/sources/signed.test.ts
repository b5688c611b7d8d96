/** Signed questions: what is cut is asked again, what is forged is refused, and a run is as whole as its table. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { sql } from "#lib/machine/db";
import { anyAddress } from "#lib/sites/sources/fetch";
import { editSource, requestSync } from "#lib/sites/sources/mutations";
import { FileRefused } from "#lib/sites/sources/refusal";
import { sourceInput } from "#lib/sites/sources/schema";
import { listSecrets, renewSecret } from "#lib/sites/sources/secret";
import { fetchSigned, type Learnt } from "#lib/sites/sources/signed";
import { runSync } from "#lib/sites/sources/sync";
import { hireStaff, known } from "#testing/feeds";
import { type SignedSite, startSignedSite } from "#testing/signed-site";

const secret = "une-cle-de-quarante-lettres-pour-essayer";
let site: SignedSite;
let staff = 0;
let source = 0;
const person = (n: number, phone = "05 57 12 20 44") =>
  `<contact id="s${n}"><lastName>Signé ${n}</lastName><phone>${phone}</phone></contact>`;

before(async () => {
  site = await startSignedSite("signe", secret);
  staff = await hireStaff();
});
after(() => site.close());
beforeEach(() => {
  site.people = Array.from({ length: 30 }, (_, n) => person(n));
  site.spoil = (document) => document;
  site.ahead = 0;
  site.secret = secret;
  site.asked.length = 0;
});

async function read(knownState = "", learnt: Learnt = {}, secrets = [{ id: 1, secret }], patience = 1) {
  let text = "";
  const of = { url: site.url, allowed: anyAddress, key: "signe", secrets, patience };
  for await (const piece of fetchSigned(of, knownState, learnt)) text += Buffer.from(piece).toString();
  return text;
}
const refused = (reason: string, work: Promise<unknown>) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof FileRefused, String(error));
    assert.equal(error.reason, reason);
    return true;
  });
const rowsAsked = () => site.asked.map(({ url }) => new URL(url ?? "", "http://x").searchParams.get("rows"));

test("a page that is cut at any tenth is asked for again, half as long, and nobody is missing or twice", async () => {
  const whole = await read();
  assert.equal(whole.match(/<contact id/g)?.length, 30);
  assert.match(whole, /<end rows="30"\/>\n<\/contacts>\n$/);
  for (let tenth = 0; tenth < 10; tenth++) {
    site.asked.length = 0;
    site.spoil = (document, { rows }) =>
      rows === 5000 ? document.subarray(0, (document.length * tenth) / 10) : document;
    assert.equal(await read(), whole, `cut at ${tenth}/10`);
    assert.deepEqual(rowsAsked(), ["5000", "2500"]);
  }
  site.spoil = (document, { rows }) => (rows > 20 ? document.subarray(0, -1 - rows) : document);
  await refused("siteCuts", read());
});

test("pages follow one another to the end", async () => {
  site.people = Array.from({ length: 12_001 }, (_, n) => person(n));
  assert.equal((await read()).match(/<contact id/g)?.length, 12_001);
  assert.equal(site.asked.length, 3);
});

test("a site that goes away half-way is waited for, longer each time, and goes on from that page", async () => {
  site.people = Array.from({ length: 5_100 }, (_, n) => person(n));
  const failures = [0, 503, 0];
  const at: number[] = [];
  site.spoil = (document, { after }) => {
    if (after !== "") at.push(performance.now());
    return (after === "" ? undefined : failures.shift()) ?? document;
  };
  assert.equal((await read("", {}, undefined, 30)).match(/<contact id/g)?.length, 5_100);
  assert.deepEqual(rowsAsked(), ["5000", "5000", "2500", "2500", "1250"]);
  const waits = at.slice(1).map((time, n) => time - (at[n] ?? 0));
  assert.ok(waits.length === 3 && waits.every((time, n) => time >= 30 * 2 ** n - 1), waits.join());
  // What does not pass is not asked again, nor what never passes for ever; of the first page nothing is lost.
  const never = async (status: number, first = false) => {
    site.asked.length = 0;
    site.spoil = (document, { after }) => (first || after !== "" ? status : document);
    await refused("httpStatus", read());
    return site.asked.length;
  };
  assert.deepEqual([await never(404), await never(503), await never(503, true)], [2, 8, 1]);
});

test("a changed, a replayed or an unsigned answer is refused", async () => {
  site.spoil = (document) => Buffer.from(document.toString().replace("Signé 3", "Forgé 3"));
  await refused("signature", read());
  let kept: Buffer | undefined;
  site.spoil = (document) => (kept ??= document);
  await read();
  await refused("signature", read());
  site.spoil = (document) => Buffer.from(document.toString().replace('rows="30"', 'rows="29"'));
  await refused("signature", read());
  site.spoil = () => Buffer.from("<html><body>Erreur 500</body></html>");
  await refused("html", read());
  site.spoil = (document) => Buffer.concat([Buffer.from("﻿"), document]);
  await refused("outputBefore", read());
  site.spoil = (document) => document;
  await refused("siteRefuses", read("", {}, [{ id: 1, secret: "another" }]));
  await refused("token", read("", {}, []));
});

test("a clock that is wrong by hours is followed, once it is known", async () => {
  site.ahead = 7200;
  assert.match(await read(), /rows="30"/);
  assert.equal(site.asked.length, 2);
});

test("told the state of its table, a site sends nobody", async () => {
  const learnt: Learnt = {};
  await read("", learnt);
  const again: Learnt = {};
  assert.equal(await read(learnt.state, again), "");
  assert.equal(again.unchanged, 30);
});

const run = async () => {
  const asked = await requestSync(source, staff);
  assert.ok(asked.ok);
  await runSync(asked.runId);
  const [row] = await sql<{ status: string; rows: number; unchanged: number; bytes: number; error: string }>`
    select status, rows_read as rows, unchanged, bytes_read as bytes, error from sync_runs where id = ${asked.runId}`;
  return row;
};

test("a source is asked with the key it was given, renewed without a failure, and read anew once something moved", async () => {
  const [made] = await sql<{ id: number }>`
    insert into sources (key, name, url, allow_private, default_kind, access, updated_at)
    values ('signe', 'Signé', ${site.url}, true, 'former_src', 'signed', now()) returning id`;
  source = made?.id ?? 0;
  assert.equal((await run())?.error, "token");
  const first = await renewSecret(source, staff);
  assert.ok(first.ok);
  site.secret = first.secret;
  const read = await run();
  assert.deepEqual([read?.status, read?.rows], ["succeeded", 30]);
  assert.equal((await known("s3", "signe")).phone, "+33 5 57 12 20 44");
  assert.deepEqual([(await run())?.unchanged, (await run())?.bytes], [30, 0]);

  const second = await renewSecret(source, staff);
  assert.ok(second.ok);
  assert.equal((await listSecrets(source)).length, 2);
  assert.equal((await run())?.status, "succeeded");
  site.secret = second.secret;
  assert.equal((await run())?.status, "succeeded");
  assert.deepEqual(
    (await listSecrets(source)).map((one) => one.secret),
    [second.secret],
  );
  const [kept] = await sql<{ plain: boolean }>`
    select bool_or(position(${second.secret}::bytea in sealed_secret) > 0) as plain from source_secrets`;
  assert.equal(kept?.plain, false);

  site.people[3] = person(3, "05 57 12 20 99");
  const moved = await run();
  assert.ok(moved && moved.bytes > 0);
  assert.equal((await known("s3", "signe")).phone, "+33 5 57 12 20 99");
  // Settings that changed may read the same people otherwise.
  assert.equal((await run())?.bytes, 0);
  const form = {
    name: "Signé",
    key: "signe",
    url: site.url,
    defaultKind: "staff",
    access: "signed",
    allowPrivate: "true",
  };
  await editSource(source, sourceInput.parse(form), staff);
  const after = await run();
  assert.ok(after && after.bytes > 0);
});
