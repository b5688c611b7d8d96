import "#testing/database";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { lookUpKey } from "#lib/letters/dkim/lookup";
import { activateKey, checkKey, checkKeys, createKey, retireKey } from "#lib/letters/dkim/mutations";
import { listDkimDomains } from "#lib/letters/dkim/queries";
import type { Algorithm } from "#lib/letters/dkim/schema";
import { findSigner } from "#lib/letters/dkim/sign";
import { db, sql, sqlOn, transaction } from "#lib/machine/db";
import { faultOfSignature } from "#testing/dkim-verifier";
import { startNameServer } from "#testing/name-server";
import { signedWhole } from "#testing/signed";

const domain = "iut.example";
let dns: Awaited<ReturnType<typeof startNameServer>>;
let servers: string[];
before(async () => {
  dns = await startNameServer();
  servers = [dns.server];
  await sql`
    with relay as (insert into relays (name, kind, host) values ('r', 'smtp', '127.0.0.1') returning id)
    insert into identities (relay_id, display_name, address) select id, 'Lettre', 'Lettre@IUT.example' from relay`;
});
after(() => dns.close());
beforeEach(async () => {
  dns.zone.clear();
  dns.failing = false;
  await sql`delete from dkim_keys`;
  await sql`delete from notices`;
});

const shown = async () => (await listDkimDomains()).find((one) => one.domain === domain)?.keys ?? [];
const states = async () =>
  Object.fromEntries((await shown()).map(({ selector, state }) => [selector, state]));
async function create(at = "2026-11-23", algorithm: Algorithm = "rsa") {
  const made = await createKey(domain, null, new Date(at), algorithm);
  assert.ok(made.ok);
  return made.id;
}
/** As somebody who copies what the screen shows into a zone file. */
async function publish(id: number) {
  const key = (await shown()).find((one) => one.id === id);
  assert.ok(key);
  const strings =
    key.zone.split(" ").join("").length > 0
      ? [...key.zone.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text)
      : [];
  assert.equal(strings.length > 1, key.algorithm === "rsa", "longer than one string may be");
  dns.zone.set(key.name, [strings]);
}
const check = async (id: number) => {
  const checked = await checkKey(id, servers);
  return checked.ok && checked.result;
};

test("a key signs only from the moment its record is seen", async () => {
  const id = await create();
  const key = await db.dkimKey.findUniqueOrThrow({ where: { id } });
  assert.equal(key.selector, "src202611");
  assert.ok(!Buffer.from(key.sealedPrivateKey ?? []).includes("PRIVATE KEY"));
  assert.equal(await check(id), "absent");
  assert.equal(await findSigner(domain), null);
  await publish(id);
  assert.equal(await check(id), "right");
  assert.deepEqual(await states(), { src202611: "signing" });
  const signer = await findSigner("IUT.example");
  assert.ok(signer);
  const signed = await signedWhole(signer, Buffer.from("From: a@iut.example\r\n\r\nBonjour\r\n"));
  assert.equal(faultOfSignature(signed, key.publicKey), null);
});

test("only for domains we write in, one waiting key at a time", async () => {
  assert.deepEqual(await createKey("ailleurs.example", null), { ok: false, reason: "notOurs" });
  await create();
  assert.deepEqual(await createKey(domain, null), { ok: false, reason: "alreadyWaiting" });
});

test("not for a domain only an archived sender, an archived relay or the sandbox wrote in", async () => {
  await sql`
    with made as (
      insert into relays (name, kind, host, archived_at) values
        ('archive', 'smtp', 'x.example', now()), ('parti', 'smtp', 'x.example', null) returning id, name)
    insert into identities (relay_id, display_name, address, archived_at)
    select id, 'Lettre', 'lettre@' || name || '.example', case name when 'parti' then now() end from made
    union all select id, 'Lettre', 'lettre@bac.example', null from relays where kind = 'sandbox'`;
  for (const one of ["archive.example", "bac.example", "parti.example"])
    assert.deepEqual(await createKey(one, null), { ok: false, reason: "notOurs" }, one);
});

test("a retired key is not looked up, nor retired again; one that waits is nobody's daily work", async () => {
  const id = await create();
  await sql`update dkim_keys set checked_at = now() - interval '25 hours'`;
  assert.equal(await checkKeys(servers), 0, "not in use");
  assert.ok((await retireKey(id, null)).ok);
  const { retiredAt } = await db.dkimKey.findUniqueOrThrow({ where: { id } });
  assert.deepEqual(await retireKey(id, null), { ok: false, reason: "inUse" });
  assert.deepEqual(await checkKey(id, servers), { ok: false, reason: "notFound" });
  assert.deepEqual((await db.dkimKey.findUniqueOrThrow({ where: { id } })).retiredAt, retiredAt);
});

test("a key that a colleague looks at is left to them", { timeout: 20_000 }, async () => {
  const id = await create();
  await publish(id);
  await check(id);
  await sql`update dkim_keys set checked_at = now() - interval '25 hours'`;
  await transaction(async (client) => {
    await sqlOn(client)`select 1 from dkim_keys where id = ${id} for update`;
    assert.equal(await checkKeys(servers), 0);
  });
});

test("what DNS says is told apart", async () => {
  const id = await create();
  const { domain, selector, publicKey } = await db.dkimKey.findUniqueOrThrow({ where: { id } });
  const key = { domain, selector, publicKey, algorithm: "rsa" as const };
  const name = `src202611._domainkey.${domain}`;
  const found = async (...records: string[][]) => {
    dns.zone.set(name, records);
    return lookUpKey(key, servers);
  };
  const halves = [key.publicKey.slice(0, 200), key.publicKey.slice(200)];
  assert.equal(await found([`p=${halves[0]}`, halves[1] ?? ""]), "right");
  assert.equal(await found([`v=DKIM1; k=rsa ; p= ${halves[0]} `, `${halves[1]};`]), "right");
  assert.equal(await found(["v=DKIM1; k=rsa; p=AAAA"]), "other");
  assert.equal(await found(["v=DKIM1; p="]), "other", "revoked (section 3.6.1)");
  assert.equal(await found([`p=${halves[0]}`, halves[1] ?? ""], ["v=DKIM1; p=AAAA"]), "other", "two records");
  assert.equal(await found(["google-site-verification=x"]), "absent");
  assert.equal(await found(), "absent");
  dns.failing = true;
  assert.equal(await found([`p=${halves[0]}`, halves[1] ?? ""]), "unreachable");
  assert.equal(await lookUpKey(key, ["127.0.0.1:1"]), "unreachable");
});

test("a second key is published, takes over, and the first is retired", async () => {
  const first = await create();
  await publish(first);
  await check(first);
  const second = await create("2026-11-30");
  assert.deepEqual(await activateKey(second, null), { ok: false, reason: "notPublished" });
  await publish(second);
  assert.equal(await check(second), "right");
  assert.deepEqual(await states(), { src202611: "signing", src202611b: "ready" }, "not by itself");
  assert.deepEqual(await retireKey(first, null), { ok: false, reason: "inUse" });
  const both = await Promise.all([activateKey(second, null), activateKey(second, null)]);
  assert.deepEqual(both.map(({ ok }) => ok).sort(), [false, true]);
  assert.deepEqual(await states(), { src202611: "replaced", src202611b: "signing" });
  assert.deepEqual((await findSigner(domain))?.selectors, ["src202611b"]);
  assert.deepEqual(await retireKey(first, null), { ok: true, domain: "iut.example" });
  const gone = await db.dkimKey.findUniqueOrThrow({ where: { id: first } });
  assert.equal(gone.sealedPrivateKey, null, "the private half is erased");
  assert.deepEqual(await states(), { src202611b: "signing" });
});

test("the daily look stops the signature of a record that vanished, says so once, and resumes by itself", {
  timeout: 20_000,
}, async () => {
  const id = await create();
  await publish(id);
  await check(id);
  const late = () => sql`update dkim_keys set checked_at = now() - interval '25 hours'`;
  assert.equal(await checkKeys(servers), 0, "looked at just now");
  await late();
  dns.failing = true;
  assert.equal(await checkKeys(servers), 1);
  assert.ok(await findSigner(domain), "a silent DNS proves nothing");
  dns.failing = false;
  const records = new Map(dns.zone);
  dns.zone.clear();
  await late();
  const counts = await Promise.all([checkKeys(servers), checkKeys(servers)]);
  assert.equal(counts[0] + counts[1], 1, "two workers look once");
  assert.equal(await findSigner(domain), null);
  assert.deepEqual(await states(), { src202611: "silent" });
  await late();
  await checkKeys(servers);
  assert.deepEqual(await db.notice.findMany({ select: { kind: true, data: true } }), [
    { kind: "dkimVanished", data: { domain } },
  ]);
  for (const [name, strings] of records) dns.zone.set(name, strings);
  await late();
  await checkKeys(servers);
  assert.ok(await findSigner(domain));
});

test("a key of each kind signs, each replaced by its own kind only", async () => {
  const rsa = await create();
  await publish(rsa);
  await check(rsa);
  const ed = await create("2026-11-23", "ed25519");
  assert.deepEqual(await createKey(domain, null, new Date("2026-11-23"), "ed25519"), {
    ok: false,
    reason: "alreadyWaiting",
  });
  const [shownKey] = (await shown()).filter(({ algorithm }) => algorithm === "ed25519");
  assert.match(shownKey?.value ?? "", /^v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=$/);
  assert.deepEqual((await findSigner(domain))?.selectors, ["src202611"], "not before it is published");
  dns.zone.set(`${shownKey?.selector}._domainkey.${domain}`, [
    [(shownKey?.value ?? "").replace("ed25519", "rsa")],
  ]);
  assert.equal(await check(ed), "other", "said to be of another kind");
  await publish(ed);
  assert.equal(await check(ed), "right");
  assert.deepEqual((await findSigner(domain))?.selectors, ["src202611", "src202611b"]);

  const next = await create("2026-12-01", "ed25519");
  await publish(next);
  await check(next);
  assert.ok((await activateKey(next, null)).ok);
  assert.deepEqual(await states(), { src202611: "signing", src202611b: "replaced", src202612: "signing" });
  assert.deepEqual((await findSigner(domain))?.selectors, ["src202611", "src202612"]);
  dns.zone.delete(`src202612._domainkey.${domain}`);
  await check(next);
  assert.deepEqual((await findSigner(domain))?.selectors, ["src202611"], "RSA signs on");
});
