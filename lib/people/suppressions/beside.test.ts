import "#testing/database";
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { hashAddress } from "#lib/machine/seal";
import { keepOppositions, oppositionsFile, putOppositionsBack } from "#lib/people/suppressions/beside";
import { liftSuppression, suppress } from "#lib/people/suppressions/mutations";

const uuid = "01234567-89ab-4def-8123-456789abcdef";
const folder = mkdtempSync(join(tmpdir(), "src-beside-"));
env.dataDir = folder;
after(() => rmSync(folder, { recursive: true }));
after(disconnect);
before(() => sql`update installation set uuid = ${uuid}::uuid`);

const key = (address: string, topicId: number | null = null) =>
  ({ addressHash: hashAddress(address), topicId, reason: "unsubscribe" }) as const;
const standing = async () =>
  (await sql<{ n: number }>`select count(*)::int as n from suppressions where lifted_at is null`)[0]?.n;
const lines = () => readFileSync(oppositionsFile(uuid), "utf8").split("\n").filter(Boolean);

test("what is said after a backup stands again when it is put back; what was taken back does not", async () => {
  await suppress(key("before@src.example"));
  assert.equal(await keepOppositions(), 1);
  assert.equal(await keepOppositions(), 0, "once");
  const backup = await sql`select * from suppressions`;
  const [topic] = await sql<{ id: number }>`select id from topics limit 1`;
  await suppress(key("after@src.example"));
  await suppress(key("after@src.example", topic?.id));
  await suppress(key("back@src.example"));
  await liftSuppression(key("before@src.example"));
  assert.equal(await keepOppositions(), 4);
  await liftSuppression(key("back@src.example"));
  // Taken over from a list kept elsewhere, with its own day.
  await sql`insert into suppressions (address_hash, reason, created_at) values ('\\x00'::bytea || ${Buffer.alloc(31)}, 'manual', '2019-01-01')`;
  assert.equal(await keepOppositions(), 2);
  assert.doesNotMatch(lines().join(), /@/);

  await sql`delete from suppressions`;
  await sql`insert into suppressions select * from jsonb_populate_recordset(null::suppressions, ${JSON.stringify(
    backup.map((row) => ({ ...row, address_hash: `\\x${row.address_hash.toString("hex")}` })),
  )}::jsonb)`;
  appendFileSync(oppositionsFile(uuid), '{"id":9,"hash":"cut sho');
  assert.equal(await putOppositionsBack(), 3);
  assert.equal(await standing(), 4, "the one of before, too: whoever took it back says so again");
  assert.equal(await putOppositionsBack(), 0, "once");
  const [row] = await sql`select created_at from suppressions where topic_id = ${topic?.id}`;
  assert.ok(Math.abs(row?.created_at - Date.now()) < 60_000, "as of when it was said");
});

test("what was taken back in this database later stays so", async () => {
  await liftSuppression(key("after@src.example"));
  assert.equal(await putOppositionsBack(), 0);
});

test("what follows a line cut short is read all the same", async () => {
  await keepOppositions();
  appendFileSync(oppositionsFile(uuid), '{"id":9,"hash":"cut sho');
  await suppress(key("whole@src.example"));
  assert.equal(await keepOppositions(), 1);
  await sql`delete from suppressions`;
  await putOppositionsBack();
  const hash = Buffer.from(hashAddress("whole@src.example"));
  assert.equal((await sql`select from suppressions where address_hash = ${hash}`).length, 1);
});

test("who had said less before the backup, or had come back by then, is not written to either", async () => {
  const [topic] = await sql<{ id: number }>`select id from topics limit 1`;
  await putOppositionsBack();
  await suppress(key("less@src.example", topic?.id));
  await suppress(key("again@src.example"));
  await liftSuppression(key("again@src.example"));
  await keepOppositions();
  const [backup] = await sql<{ id: number }>`select max(id) as id from suppressions`;
  await suppress(key("less@src.example"));
  await suppress(key("again@src.example"));
  assert.equal(await keepOppositions(), 2);
  await sql`delete from suppressions where id > ${backup?.id}`;
  const made = {
    hash: "ab".repeat(32),
    topic: 2 ** 31 - 1,
    reason: "unsubscribe",
    at: new Date(),
    stands: true,
  };
  appendFileSync(oppositionsFile(uuid), `${JSON.stringify(made)}\n`);
  assert.equal(await putOppositionsBack(), 2, "without a newsletter that this database has not");
});

test("in another life of the database, whose numbers begin lower, what is said is kept all the same", async () => {
  await keepOppositions();
  await sql`select setval('suppressions_id_seq', 5000000)`;
  await suppress(key("lost@src.example"));
  assert.equal(await keepOppositions(), 1);
  await sql`delete from suppressions where id > 5000000`;
  await sql`select setval('suppressions_id_seq', 1000000)`;
  await sql`update installation set generation = generation + 1`;
  await suppress(key("said-anew@src.example"));
  assert.equal(await keepOppositions(), 1);
  assert.equal(await keepOppositions(), 0, "once");
});

test("what a clock that ran ahead had ended hides no end of later", async () => {
  await suppress(key("ahead@src.example"));
  await sql`update suppressions set lifted_at = now() + interval '9 years' where address_hash = ${Buffer.from(hashAddress("ahead@src.example"))}`;
  assert.equal(await keepOppositions(), 2);
  await liftSuppression(key("said-anew@src.example"));
  assert.equal(await keepOppositions(), 1);
});

test("of a database without a life nothing is kept", async () => {
  await sql`update installation set uuid = null`;
  assert.equal(await keepOppositions(), 0);
  assert.equal(await putOppositionsBack(), 0);
});
