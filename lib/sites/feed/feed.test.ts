/** Our feed, read as another installation reads it: signed, chosen, and without an echo. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { answerFeed } from "#lib/sites/feed/feed";
import { signQuestion } from "#lib/sites/signatures/rules";
import { checkSite } from "#lib/sites/sources/check";
import { anyAddress } from "#lib/sites/sources/fetch";
import { parseContacts } from "#lib/sites/sources/parse";
import { renewSecret } from "#lib/sites/sources/secret";
import { fetchSigned } from "#lib/sites/sources/signed";
import { known, take } from "#testing/feeds";
import { startSite } from "#testing/remote-site";
import { once } from "#testing/sources";

const site = await startSite(async (request, response) => {
  const headers = request.headers as Record<string, string>;
  const answer = await answerFeed(new Request(`http://src.example${request.url}`, { headers }));
  response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
});
after(() => site.close());
let secret = "";
let partner = 0;
const fields = "{kind,graduationYear,phone,address,website,organisation}";

before(async () => {
  const [row] = await sql<{ id: number }>`
    insert into sources (key, name, default_kind, access, gives, gives_fields, ownership)
    values ('paire', 'Autre SRC', 'former_src', 'signed', true, ${fields}, '{"*": "remote"}') returning id`;
  partner = row?.id ?? 0;
  const made = await renewSecret(partner, null);
  assert.ok(made.ok);
  secret = made.secret;
  await sql`insert into contacts (kind, first_name, last_name, phone, street, postcode, city, notes)
    select 'former_src', 'Zoé', 'Donnée-' || n, '+33 5 57 12 20 44', '1 rue <Haute>', '33000', 'Bordeaux', 'secret' from generate_series(1, 5) n`;
  for (const { id } of await sql<{ id: number }>`select id from contacts`)
    await sql`insert into email_addresses (contact_id, address, address_hash, is_primary)
      values (${id}, ${`zoe${id}@src.example`}, ${hashAddress(`zoe${id}@src.example`)}, true)`;
});

async function document() {
  let text = "";
  const of = { url: site.url, allowed: anyAddress, key: "paire", secrets: [{ id: 1, secret }] };
  for await (const piece of fetchSigned(of, "", {})) text += Buffer.from(piece).toString();
  return text;
}
const people = (text: string) => Array.fromAsync(parseContacts(once(text), "paire"));

test("everybody, in the fields that were chosen, and never a note", async () => {
  const text = await document();
  const all = await people(text);
  assert.equal(all.length, 5);
  assert.equal(all[0]?.fields["address/street"]?.value, "1 rue <Haute>");
  assert.deepEqual(
    all[0]?.emails.map(({ value }) => value),
    [`zoe${all[0]?.id}@src.example`],
  );
  assert.doesNotMatch(text, /secret/);
  await sql`update sources set gives_fields = '{phone}'`;
  const [few] = await people(await document());
  assert.deepEqual(Object.keys(few?.fields ?? {}).sort(), ["firstName", "lastName", "phone"]);
  await sql`update sources set gives_fields = ${fields}::text[]`;
});

test("« Vérifier » finds nothing wrong, and shows the first three", async () => {
  await sql`update sources set url = ${site.url}, allow_private = true`;
  const answer = await checkSite(partner);
  assert.ok(answer.ok);
  assert.deepEqual([answer.data.findings, answer.data.sample.length], [[], 3]);
});

test("a segment is what is given; one that is gone gives nobody it did not", async () => {
  const criteria = {
    match: "all",
    groups: [{ match: "all", conditions: [{ field: "city", is: "Pessac" }] }],
  };
  const [segment] = await sql<{ id: number }>`
    insert into segments (name, criteria) values ('Pessac', ${JSON.stringify(criteria)}) returning id`;
  await sql`update sources set gives_segment_id = ${segment?.id}`;
  assert.equal((await people(await document())).length, 0);
  await sql`update contacts set city = 'Pessac' where last_name = 'Donnée-2'`;
  assert.equal((await people(await document())).length, 1);
  await sql`update sources set gives_segment_id = null`;
});

test("who opposed our letters, or was put away, is not handed on", async () => {
  const before = await people(await document());
  const [first, second] = before;
  await sql`
    insert into suppressions (address_hash, reason)
    select address_hash, 'manual' from email_addresses where contact_id = ${Number(first?.id)}`;
  await sql`update contacts set archived_at = now() where id = ${Number(second?.id)}`;
  const ids = (await people(await document())).map(({ id }) => id);
  assert.deepEqual(
    ids,
    before.slice(2).map(({ id }) => id),
  );
  await sql`truncate suppressions`;
  await sql`update contacts set archived_at = null`;
});

test("whom the partner brought is not given back; what it said itself is left out of the others", async () => {
  const row = (body: string) => `<contacts source="paire" version="1.0">${body}</contacts>`;
  await take(
    once(
      row(`<contact id="b1"><lastName>Apportée</lastName></contact>
        <contact id="b2"><lastName>Donnée-3</lastName><email>zoe3@src.example</email><phone>05 57 12 20 44</phone></contact>`),
    ),
    null,
    "paire",
  );
  const all = await people(await document());
  assert.equal(
    all.some(({ fields }) => fields.lastName?.value === "Apportée"),
    false,
  );
  const shared = all.find(({ partial }) => partial);
  assert.ok(shared);
  assert.deepEqual([shared.fields.lastName, shared.fields.phone, shared.emails], [undefined, undefined, []]);
  await sql`update contacts set phone = '+33 6 12 34 56 78' where id = ${Number(shared.id)}`;
  const again = (await people(await document())).find(({ partial }) => partial);
  assert.equal(again?.fields.phone?.value, "+33 6 12 34 56 78");
});

test("two installations that feed each other settle, even where both say « remote »", async () => {
  const { id } = await known("b2", "paire");
  const say = (phone: string) =>
    take(
      once(
        `<contacts source="paire" version="1.1"><contact id="b2" partial="true"><phone>${phone}</phone></contact><end rows="1"/></contacts>`,
      ),
      null,
      "paire",
    );
  // Both change the number in the same hour: each takes the other's, and neither gives it back.
  await sql`update contacts set phone = '+33 6 00 00 00 01' where id = ${id}`;
  await say("+33 6 00 00 00 02");
  assert.equal((await known("b2", "paire")).phone, "+33 6 00 00 00 02");
  const given = (await people(await document())).find((one) => one.id === String(id));
  assert.equal(given?.fields.phone, undefined);
  const report = await say("+33 6 00 00 00 02");
  assert.equal(report.updated, 0);
});

test("a part makes nobody, and takes nothing away from whom it knows", async () => {
  const [before] = await sql<{ n: number }>`select count(*)::int as n from contacts`;
  const part = `<contact id="inconnue" partial="true"><phone>05 57 12 20 44</phone></contact><contact id="b2" partial="true"/>`;
  const report = await take(
    once(`<contacts source="paire" version="1.1">${part}<end rows="2"/></contacts>`),
    null,
    "paire",
  );
  assert.deepEqual([report.created, report.updated, report.rejected], [0, 0, 0]);
  const [now] = await sql<{ n: number }>`select count(*)::int as n from contacts`;
  assert.equal(now?.n, before?.n);
});

test("unsigned, repeated, late, or of a partner that is given nothing: a bare 403", async () => {
  const time = Math.floor(Date.now() / 1000);
  const question = { do: "page" as const, after: "", rows: 5, seconds: 5, known: "" };
  const ask = async (of: { at?: number; key?: string; nonce?: string; peer?: string } = {}) => {
    const [at, nonce] = [of.at ?? time, of.nonce ?? randomBytes(12).toString("hex")];
    const headers = {
      "x-src-key": "paire",
      "x-src-peer": of.peer ?? "192.0.2.7",
      "x-forwarded-for": "192.0.2.7",
      "x-src-time": String(at),
      "x-src-nonce": nonce,
      "x-src-signature": signQuestion(of.key ?? secret, "paire", question, at, nonce),
    };
    const answer = await answerFeed(
      new Request("http://src.example/api/feed/contacts.xml?do=page&after=&rows=5&seconds=5&known=", {
        headers,
      }),
    );
    return [answer.status, answer.status === 403 ? await answer.text() : ""];
  };
  assert.deepEqual(await ask({ nonce: "une-seule-fois-ce-nonce" }), [200, ""]);
  for (const wrong of [
    { nonce: "une-seule-fois-ce-nonce" },
    { at: time - 301 },
    { key: "another" },
    { nonce: "court" },
  ])
    assert.deepEqual(await ask(wrong), [403, ""]);
  await sql`update sources set networks = '{192.0.2.0/28}'`;
  assert.deepEqual(await ask({ peer: "192.0.2.16", nonce: "venu-d-un-autre-reseau" }), [403, ""]);
  assert.deepEqual(await ask({ nonce: "venu-d-un-autre-reseau" }), [200, ""]);
  await sql`update sources set gives = false`;
  assert.deepEqual(await ask(), [403, ""]);
});
