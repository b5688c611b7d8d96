import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { pool, sql, transaction } from "#lib/machine/db";
import { backOff, type LeasedRows, LeaseLost, releaseLease, renewLease, takeLease } from "#lib/machine/lease";

const shelf: LeasedRows = { table: "shelf", key: "n", readable: "due.open" };

/** Two books: the second waits for longer. */
beforeEach(async () => {
  await sql`drop table if exists shelf`;
  await sql`
    create table shelf (n int primary key, open bool not null default true, lease_token uuid, lease_until timestamptz,
      due_at timestamptz not null, read_at timestamptz, error text, failures int not null default 0)`;
  await sql`insert into shelf (n, due_at) values (1, now() - interval '1 minute'), (2, now() - interval '2 minutes')`;
});

const take = () => takeLease(pool(), shelf);
async function taken() {
  const lease = await take();
  assert.ok(lease);
  return lease;
}
async function row(n: number) {
  const [found] = await sql`
    select lease_token as token, round(extract(epoch from lease_until - clock_timestamp()))::int as held,
      round(extract(epoch from due_at - clock_timestamp()))::int as due, read_at is not null as read, error, failures
    from shelf where n = ${n}`;
  assert.ok(found);
  return found;
}
const near = (seconds: number, expected: number) =>
  assert.ok(Math.abs(seconds - expected) <= 5, `${seconds} is about ${expected}`);

test("each is leased once, whoever waits for longest first", async () => {
  const first = await taken();
  assert.equal(first.id, 2);
  assert.equal((await row(2)).token, first.token);
  near((await row(2)).held, 120);
  assert.equal((await taken()).id, 1);
  assert.equal(await take(), null);
});

test("many who ask together get one each", async () => {
  const leases = await Promise.all(Array.from({ length: 6 }, take));
  assert.deepEqual(
    leases
      .flatMap((lease) => lease?.id ?? [])
      .filter((id, at, all) => all.indexOf(id) === at)
      .sort(),
    [1, 2],
  );
  assert.equal(leases.filter((lease) => lease !== null).length, 2);
});

test("what is not due yet, or not to be read, is left alone", async () => {
  await sql`update shelf set due_at = now() + interval '5 seconds' where n = 1`;
  await sql`update shelf set open = false where n = 2`;
  assert.equal(await take(), null);
});

test("a lease that is over is another's, and its first holder writes no more", async () => {
  const dead = await taken();
  await sql`update shelf set lease_until = now() - interval '1 second' where n = 2`;
  const heir = await taken();
  assert.equal(heir.id, 2);
  assert.notEqual(heir.token, dead.token);
  await assert.rejects(renewLease(pool(), shelf, dead), LeaseLost);
  assert.equal(await releaseLease(pool(), shelf, dead, 60), false);
  assert.equal(await backOff(pool(), shelf, dead, "auth"), false);
  assert.equal((await row(2)).token, heir.token);
  assert.equal((await row(2)).error, null);
});

test("renewed in the transaction of what was read, it holds from then", async () => {
  const lease = await taken();
  await sql`update shelf set lease_until = now() + interval '3 seconds' where n = 2`;
  await transaction((client) => renewLease(client, shelf, lease));
  near((await row(2)).held, 120);
  assert.equal((await row(1)).held, null, "no other row");
});

test("read to its end, it is due again after a while, and its failures are over", async () => {
  await sql`update shelf set error = 'auth', failures = 3 where n = 2`;
  assert.equal(await releaseLease(pool(), shelf, await taken(), 60), true);
  const { due, ...state } = await row(2);
  assert.deepEqual(state, { token: null, held: null, read: true, error: null, failures: 0 });
  near(due, 60);
  assert.equal((await row(1)).read, false, "no other row");
});

test("a failure is tried again after 1, 2, 4 … 60 minutes", async () => {
  for (const [failures, minutes] of [1, 2, 4, 8, 16, 32, 60, 60, 60].entries()) {
    await sql`update shelf set due_at = now() - interval '1 hour' where n = 2`;
    assert.equal(await backOff(pool(), shelf, await taken(), "timeout"), true);
    const { due, ...state } = await row(2);
    const expected = { token: null, held: null, read: false, error: "timeout", failures: failures + 1 };
    assert.deepEqual(state, expected);
    near(due, minutes * 60);
  }
  assert.equal((await row(1)).failures, 0, "no other row");
});
