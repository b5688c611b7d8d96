/** Whom an erasure erases: the one it names, whatever happens meanwhile, and nobody beside. */
import "#testing/database";
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { db, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { hashAddress } from "#lib/machine/seal";
import { receive } from "#testing/privacy";
import { giveCampaign, givePerson } from "#testing/received";
import { eraseContact, replayErasures } from "./erase.ts";
import { type JournalEntry, readJournal } from "./journal.ts";

const folder = await mkdtemp(join(tmpdir(), "src-privacy-"));
(env as { dataDir: string }).dataDir = folder;
after(() => rm(folder, { recursive: true }));
await sql`insert into users (email, name, role) values ('first@src.example', 'A', 'administrator'), ('by@src.example', 'B', 'administrator')`;
const by = 2;
const sourceId = (await db.source.create({ data: { key: "a", name: "A", defaultKind: "former_src" } })).id;

let made = 0;
let marie = { id: 0, address: "" };
let paul = { id: 0, address: "" };
beforeEach(async () => {
  await sql`delete from contacts`;
  const give = async () => {
    const address = `lecteur${++made}@exemple.fr`;
    const { id } = await givePerson(address);
    await db.externalIdentity.create({ data: { sourceId, externalId: `n${made}`, contactId: id } });
    return { id, address };
  };
  // She is neither the first nor the last.
  paul = await give();
  marie = await give();
  await give();
  await giveCampaign([marie.id, paul.id]);
});

const of = async ({ id, address }: typeof paul) => [
  await sql`select * from contacts where id = ${id}`,
  await sql`select * from email_addresses where contact_id = ${id}`,
  await sql`select * from external_identities where contact_id = ${id}`,
  await sql`select * from subscriptions where contact_id = ${id}`,
  await sql`select * from deliveries where contact_id = ${id}`,
  await sql`select * from received_mails where sender = ${address}`,
  await sql`select * from sync_run_errors where value like ${`%${address}%`}`,
  await sql`select * from organisations where email = ${address}`,
  await sql`select * from sandbox_messages where recipient = ${address}`,
  await sql`select * from contents where kind = 'transactional' and text like ${`%${address}%`}`,
  await sql`select * from deliveries where address = ${address} and contact_id is null`,
  await sql`select * from deliveries where variables ->> 'who' = ${address}`,
  await sql`select reason from suppressions where address_hash = ${Buffer.from(hashAddress(address))}`,
];
const isThere = async ({ id }: typeof paul) => (await db.contact.count({ where: { id } })) === 1;

/** Replays a journal of one entry: that of Marie, changed. */
async function replay(change: (entry: JournalEntry) => Partial<JournalEntry>): Promise<number> {
  const { createdAt } = await db.contact.findUniqueOrThrow({ where: { id: marie.id } });
  const entry: JournalEntry = {
    id: crypto.randomUUID(),
    at: new Date().toISOString(),
    why: "silence",
    by: null,
    contact: { id: marie.id, createdAt: createdAt.toISOString() },
    addresses: [Buffer.from(hashAddress(marie.address)).toString("hex")],
    identities: [],
  };
  const path = join(folder, "replayed.jsonl");
  await writeFile(path, `${JSON.stringify({ ...entry, ...change(entry) })}\n`);
  return replayErasures(path);
}

/** What others wrote of somebody, in no row of theirs. */
async function writeOf({ id, address }: typeof paul) {
  const [run] = await sql<{ id: number }>`
    insert into sync_runs (source_id, origin, status, finished_at) values (${sourceId}, 'command', 'succeeded', now()) returning id`;
  await sql`insert into sync_run_errors (run_id, line, field, reason, value) values (${run?.id ?? 0}, 1, 'email', 'email', ${`${address}@`})`;
  await sql`insert into organisations (name, email) values ('Voisine', ${address})`;
  const relay = await db.relay.findFirstOrThrow({ select: { id: true } });
  await sql`insert into sandbox_messages (relay_id, folder, envelope_from, recipient, subject, message_id, raw)
    values (${relay.id}, 'sent', 'a@src.example', ${address}, '', ${`<${address}>`}, '')`;
  const words = { subject: "Partis", html: "", text: `Parti : ${address}` };
  await enqueueLetter({ ...words, kind: "transactional", to: "prof@src.example" });
  const { lastName } = await db.contact.findUniqueOrThrow({ where: { id } });
  const variables = { who: address, contact: { firstName: "", lastName } };
  await enqueueLetter({ ...words, text: "", kind: "test", to: "prof@src.example", variables });
  await sql`update deliveries set status = 'sent', settled_at = now() where status = 'queued'`;
  // To an address that no contact had when it left.
  const { contentId } = await db.delivery.findFirstOrThrow({ where: { contactId: id } });
  await db.delivery.create({ data: { contentId, address, addressHash: hashAddress(address) } });
  await receive(relay.id, `From: ${address}\r\nSubject: Question\r\n\r\nBonjour\r\n`, made);
}

test("nobody beside her is touched, and the journal names her alone", async () => {
  await writeOf(paul);
  await writeOf(marie);
  assert.ok((await of(paul)).slice(5, 12).every((rows) => rows.length === 1));
  const before = await of(paul);
  assert.ok((await eraseContact(marie.id, "request", by)).ok);
  assert.equal(await isThere(marie), false);
  assert.deepEqual(await of(paul), before);
  assert.ok((await of(marie)).slice(0, 12).every((rows) => rows.length === 0));
  const [entry] = (await readJournal()).slice(-1);
  assert.deepEqual(entry?.addresses, [Buffer.from(hashAddress(marie.address)).toString("hex")]);
  assert.equal(entry?.identities.length, 1);
  const [hashes] =
    await sql`select count(*)::int as n from erasure_hashes where erasure_id = ${entry?.id}::uuid`;
  assert.equal(hashes?.n, 2);
});

test("of words about her in rows of others hers go, and a namesake's or a neighbour's stay", async () => {
  await sql`update contacts set last_name = 'Martin', first_name = case id when ${marie.id} then 'Marie' else 'Paul' end`;
  const { id: deliveryId, contentId } = await db.delivery.findFirstOrThrow({ where: { contactId: paul.id } });
  const { identityId } = await db.content.findUniqueOrThrow({ where: { id: contentId } });
  for (const firstName of ["Marie", "Paul"]) {
    const variables = { contact: { firstName, lastName: "Martin" } };
    const letter = { kind: "test", subject: "T", html: "", text: "", variables, identityId } as const;
    await enqueueLetter({ ...letter, to: "prof@src.example" });
  }
  await sql`update deliveries set status = 'sent', settled_at = now() where status = 'queued'`;
  for (const said of [marie.address, paul.address])
    await sql`insert into bounces (delivery_id, class, verdict, blame, diagnostic) values (${deliveryId}, 'bounce', 'soft', 'network', ${`via ${said}`})`;
  for (const [subject, id] of [
    ["contact", marie.id],
    ["contact", paul.id],
    ["campaign", marie.id],
  ] as const)
    await sql`insert into audit_entries (user_id, action, subject, subject_id, data) values (${by}, 'x', ${subject}, ${id}, '{"was":"Marie"}')`;
  assert.ok((await eraseContact(marie.id, "request", by)).ok);
  const tests = await sql<{ who: string | null }>`
    select variables -> 'contact' ->> 'firstName' as who from deliveries d join contents c on c.id = d.content_id
    where c.kind = 'test' and c.subject = 'T' order by d.id`;
  const said = await sql<{ diagnostic: string }>`
    select diagnostic from bounces where delivery_id = ${deliveryId} order by id`;
  const acts = await sql<{ was: string | null }>`
    select data ->> 'was' as was from audit_entries where action = 'x' order by id`;
  assert.deepEqual(
    [tests.map(({ who }) => who), said.map((one) => one.diagnostic), acts.map(({ was }) => was)],
    [
      [null, "Paul"],
      ["", `via ${paul.address}`],
      [null, "Marie", "Marie"],
    ],
  );
});

test("the proof and the journal of acts say who asked, or nobody when the account is gone", async () => {
  const asked = await eraseContact(marie.id, "request", by);
  assert.ok(asked.ok);
  const told = () => sql<{ proof: number; act: number }>`
    select e.user_id as proof, a.user_id as act from erasures e
    join audit_entries a on a.data ->> 'erasure' = e.id::text order by e.at desc limit 1`;
  assert.deepEqual(await told(), [{ proof: by, act: by }]);
  marie = paul;
  await replay(() => ({ by: 999 }));
  assert.deepEqual(await told(), [{ proof: null, act: null }]);
});

test("somebody without any address is erased all the same", async () => {
  await db.emailAddress.deleteMany({ where: { contactId: marie.id } });
  assert.ok((await eraseContact(marie.id, "request", by)).ok);
  assert.deepEqual([await isThere(marie), await isThere(paul)], [false, true]);
});

test("after a restore, whoever has her number by chance is not her, and whoever has her address is", async () => {
  const chance = await replay(() => ({
    contact: { id: paul.id, createdAt: "2001-01-01T00:00:00.000Z" },
    addresses: [],
  }));
  assert.deepEqual([chance, await isThere(paul)], [1, true]);
  await replay(() => ({ contact: { id: 999_999, createdAt: "2001-01-01T00:00:00.000Z" } }));
  assert.deepEqual([await isThere(marie), await isThere(paul)], [false, true]);
});

test("an address given after the request is of somebody who came back", async () => {
  await replay(() => ({
    at: new Date(Date.now() - 60_000).toISOString(),
    contact: { id: 999_999, createdAt: "2001-01-01T00:00:00.000Z" },
  }));
  assert.equal(await isThere(marie), true);
});

test("silence is no opposition, a request is one", async () => {
  const stops = ({ address }: typeof paul) =>
    db.suppression.count({ where: { addressHash: hashAddress(address), reason: "erasure" } });
  await eraseContact(marie.id, "silence", null);
  await eraseContact(paul.id, "request", by);
  assert.deepEqual([await stops(marie), await stops(paul)], [0, 1]);
});

test("who is in the way of a colleague is tried again, five times at most; any other failure is told at once", async () => {
  await sql`create sequence tries`;
  await sql`
    create function refuse() returns trigger language plpgsql as $$ begin
      if nextval('tries') <= (select n from refusals) then
        raise exception 'refused' using errcode = (select code from refusals); end if;
      return old; end $$`;
  await sql`create table refusals (code text, n int)`;
  await sql`create trigger refuse before delete on contacts for each row execute function refuse()`;
  const triesOf = async (code: string, n: number) => {
    await sql`select setval('tries', 1, false)`;
    await sql`delete from refusals`;
    await sql`insert into refusals values (${code}, ${n})`;
    const erased = await eraseContact(marie.id, "request", by).then(
      ({ ok }) => ok,
      () => "failed",
    );
    const [tries] = await sql<{ n: number }>`select last_value::int as n from tries`;
    return [erased, tries?.n];
  };
  try {
    assert.deepEqual(await triesOf("23514", 1), ["failed", 1]);
    assert.deepEqual(await triesOf("40P01", 9), ["failed", 5]);
    assert.ok(await isThere(marie));
    assert.deepEqual(await triesOf("40P01", 4), [true, 5]);
  } finally {
    await sql`drop function refuse cascade`;
  }
});
