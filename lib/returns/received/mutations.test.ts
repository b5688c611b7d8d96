/** Ticks of the list of returns, and what may be asked of a new judgement in which state. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { db, sql } from "#lib/machine/db";
import {
  abandonRejudgement,
  applyRejudgement,
  markHandled,
  markUnhandled,
  startRejudging,
  undoRejudgement,
} from "#lib/returns/received/mutations";

let by = 0;
before(async () => {
  by = (await db.user.create({ data: { email: "ada@src.example", name: "Ada", role: "secretariat" } })).id;
});

describe("a mail seen to", () => {
  let [one, other] = [0, 0];
  const handled = async (id: number) =>
    (await db.receivedMail.findUniqueOrThrow({ where: { id }, select: { handledAt: true } })).handledAt;
  before(async () => {
    const ids = await sql<{ id: number }>`
      insert into received_mails (relay_id, digest, uid, class, raw)
      select (select min(id) from relays), sha256(n::text::bytea), n, 'reply', '' from generate_series(1, 2) n returning id`;
    [one, other] = ids.map(({ id }) => id) as [number, number];
  });

  it("is ticked once, alone, and keeps the hour of the first tick", async () => {
    assert.ok((await markHandled(one)).ok);
    const at = await handled(one);
    assert.ok(at);
    assert.equal(await handled(other), null);
    assert.deepEqual(await markHandled(one), { ok: false, reason: "alreadyHandled" });
    assert.deepEqual(await handled(one), at);
  });

  it("is unticked alone, and only if it was ticked", async () => {
    assert.deepEqual(await markUnhandled(other), { ok: false, reason: "notHandled" });
    await markHandled(other);
    assert.ok((await markUnhandled(one)).ok);
    assert.equal(await handled(one), null);
    assert.ok(await handled(other));
  });
});

describe("a new judgement of kept mails", () => {
  beforeEach(() => sql`delete from rejudgements`);
  const run = async (status: string) =>
    (await db.rejudgement.create({ data: { status, askedById: by }, select: { id: true } })).id;
  const states = async () =>
    (await sql<{ status: string }>`select status from rejudgements order by id`).map(({ status }) => status);
  const no = { ok: false, reason: "rejudged" };

  it("begins in the place of one that waited to be decided, and of none that works", async () => {
    await run("ready");
    assert.ok((await startRejudging(by)).ok);
    assert.deepEqual(await states(), ["looking"]);
    assert.deepEqual(await startRejudging(by), { ok: false, reason: "rejudging" });
    for (const status of ["applying", "undoing"]) {
      await sql`update rejudgements set status = ${status}`;
      assert.deepEqual(await startRejudging(by), { ok: false, reason: "rejudging" });
    }
    assert.deepEqual(await states(), ["undoing"]);
  });

  it("is applied once it was shown, undone once it was applied, and never else", async () => {
    for (const status of ["looking", "ready", "applying", "applied", "undoing", "undone"]) {
      const id = await run(status);
      assert.equal((await applyRejudgement(id, by)).ok, status === "ready", `apply ${status}`);
      assert.deepEqual(await states(), [status === "ready" ? "applying" : status]);
      await sql`update rejudgements set status = ${status}`;
      assert.equal((await undoRejudgement(id, by)).ok, status === "applied", `undo ${status}`);
      assert.deepEqual(await states(), [status === "applied" ? "undoing" : status]);
      await sql`delete from rejudgements`;
    }
  });

  it("is not undone beside another that is under way", async () => {
    const old = await run("applied");
    const now = await run("looking");
    for (const status of ["looking", "ready", "applying", "undoing"]) {
      await sql`update rejudgements set status = ${status} where id = ${now}`;
      assert.deepEqual(await undoRejudgement(old, by), no, status);
    }
    await sql`update rejudgements set status = 'applied' where id = ${now}`;
    assert.ok((await undoRejudgement(old, by)).ok);
    assert.deepEqual(await states(), ["undoing", "applied"]);
  });

  it("is given up only while it waits to be decided, and alone", async () => {
    const [old, now] = [await run("applied"), await run("ready")];
    assert.deepEqual(await abandonRejudgement(old), no);
    assert.ok((await abandonRejudgement(now)).ok);
    assert.deepEqual(await abandonRejudgement(now), no);
    assert.deepEqual(await states(), ["applied"]);
  });
});
