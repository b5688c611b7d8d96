/** Whose account is touched, who is left to administer, and what happens when two do it at once. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { db, sql, transaction } from "#lib/machine/db";
import { untilBlocked } from "#testing/until";
import { makeLink } from "./links.ts";
import {
  changePassword,
  changeProfile,
  changeRole,
  createFirstAdministrator,
  disableUser,
  enableUser,
  openSession,
  revokeSession,
  revokeSessions,
  setPassword,
  setupLink,
} from "./mutations.ts";
import { hashPassword, verifyPassword } from "./password.ts";

const phrase = "une phrase bien longue";
const other = "un autre long secret";
const hash = await hashPassword(phrase);
const base = "https://src.example";
const dead = { ok: false, reason: "deadLink" };
const last = { ok: false, reason: "lastAdministrator" };

let made = 0;
const make = async (role: "administrator" | "reader" = "reader", data = {}) => {
  const email = `u${++made}@src.example`;
  return (await db.user.create({ data: { email, name: "Quelqu’un", role, passwordHash: hash, ...data } })).id;
};
const closed = { disabledAt: new Date() };
const reset = async (userId: number) =>
  (await transaction((client) => makeLink(client, "reset", userId, base))).token;
const opens = async (id: number, password: string) =>
  verifyPassword((await db.user.findUniqueOrThrow({ where: { id } })).passwordHash, password);

beforeEach(async () => {
  await sql`truncate users, user_tokens, sign_in_failures, audit_entries restart identity cascade`;
});

describe("what is done to one account", () => {
  let marie = 0;
  let session = "";
  beforeEach(async () => {
    await make("administrator");
    marie = await make();
    const neighbour = await make();
    session = await openSession(marie, "Firefox");
    await openSession(neighbour, "Firefox");
    await reset(neighbour);
    const gone = await openSession(neighbour, "");
    await sql`update user_sessions set revoked_at = '2026-01-01' where id = ${gone}::uuid`;
  });

  const others = async () => [
    await sql`select * from users where id <> ${marie} order by id`,
    await sql`select * from user_sessions where user_id <> ${marie} order by id`,
    await sql`select * from user_tokens where user_id is distinct from ${marie} order by id`,
  ];
  const acts: Record<string, () => Promise<unknown>> = {
    "a role": () => changeRole(marie, "teacher", 1),
    "a name": () => changeProfile(marie, { name: "Marie", locale: "en" }),
    "its closing and opening": async () => [await disableUser(marie, 1), await enableUser(marie, 1)],
    "one session": () => revokeSession(session),
    "all sessions": () => revokeSessions(marie, 1),
    "its password": () => changePassword(marie, phrase, other, session),
    "its password by a link": async () => setPassword("reset", await reset(marie), other),
  };
  for (const [name, act] of Object.entries(acts))
    it(`${name} is done to no other`, async () => {
      const before = await others();
      await act();
      assert.deepEqual(await others(), before);
    });

  it("ends sessions once: when one ended stays as it was", async () => {
    const early = await openSession(marie, "");
    await sql`update user_sessions set revoked_at = '2026-01-01' where id = ${early}::uuid`;
    const endedAt = async () =>
      (await db.userSession.findUniqueOrThrow({ where: { id: early } })).revokedAt
        ?.toISOString()
        .slice(0, 10);
    await changePassword(marie, phrase, other, session);
    assert.equal(await endedAt(), "2026-01-01");
    await setPassword("reset", await reset(marie), phrase);
    assert.equal(await endedAt(), "2026-01-01");
    assert.deepEqual(await revokeSession(early), { ok: false, reason: "notFound" });
    assert.deepEqual(await revokeSessions(marie, 1), { ok: true, sessions: 0 });
    assert.equal(await endedAt(), "2026-01-01");
  });

  it("all sessions but one end when that one is kept", async () => {
    const here = await openSession(marie, "");
    assert.deepEqual(await revokeSessions(marie, marie, here), { ok: true, sessions: 1 });
    assert.equal(await db.userSession.count({ where: { userId: marie, revokedAt: null } }), 1);
  });

  it("is written in the journal by whoever did it", async () => {
    await revokeSessions(marie, 1);
    await changeRole(marie, "teacher", 1);
    await disableUser(marie, 1);
    assert.equal((await disableUser(marie, 1)).ok, false, "closed already");
    await enableUser(marie, 1);
    assert.deepEqual(await enableUser(marie, 1), { ok: false, reason: "notFound" });
    const entries = await db.auditEntry.findMany({ where: { subjectId: marie }, orderBy: { id: "asc" } });
    assert.deepEqual(
      entries.map(({ action, userId }) => `${action} ${userId}`),
      ["user.signedOut 1", "user.role 1", "user.disabled 1", "user.enabled 1"],
    );
  });
});

describe("somebody is left to administer", () => {
  it("a closed account is nobody, and may lose its role", async () => {
    const [admin, former] = [await make("administrator"), await make("administrator", closed)];
    assert.deepEqual(await changeRole(admin, "reader", admin), last);
    assert.deepEqual(await disableUser(admin, admin), last);
    assert.deepEqual(await changeRole(former, "reader", admin), { ok: true });
  });

  it("a reader is no administrator either; whoever is one may stay one", async () => {
    const [admin, reader] = [await make("administrator"), await make()];
    assert.deepEqual(await disableUser(admin, reader), last);
    assert.deepEqual(await changeRole(admin, "reader", reader), last);
    assert.deepEqual(await changeRole(admin, "administrator", admin), { ok: true });
    assert.deepEqual(await changeRole(reader, "administrator", admin), { ok: true });
    assert.deepEqual(await disableUser(admin, reader), { ok: true });
  });
});

/** Both read the link as good; the second writes after `meanwhile`. */
async function overtaken<T>(start: () => Promise<T>, meanwhile: string, values: unknown[] = []): Promise<T> {
  const { late } = await transaction(async (client) => {
    await client.query("lock table users, user_tokens in share row exclusive mode");
    const late = start();
    await untilBlocked();
    await client.query(meanwhile, values);
    return { late };
  });
  return late;
}

describe("two at once", () => {
  it("a reset link opens nothing that was closed, or used, or older than a password, while it was read", async () => {
    // Somebody whose account is open: theirs says nothing of another's.
    await make();
    for (const meanwhile of [
      "update users set disabled_at = now() where id = $1",
      "update users set links_since = now() + interval '1 second' where id = $1",
      "update user_tokens set used_at = now() where user_id = $1",
    ]) {
      const marie = await make();
      const token = await reset(marie);
      assert.deepEqual(await overtaken(() => setPassword("reset", token, other), meanwhile, [marie]), dead);
      assert.ok(await opens(marie, phrase), meanwhile);
    }
  });

  it("a password that changed while the old one was being judged is not changed again", async () => {
    const marie = await make();
    const here = await openSession(marie, "");
    const meanwhile = "update users set password_hash = 'theirs' where id = $1";
    const answer = await overtaken(() => changePassword(marie, phrase, other, here), meanwhile, [marie]);
    assert.deepEqual(answer, { ok: false, reason: "conflict" });
    assert.equal((await db.user.findUniqueOrThrow({ where: { id: marie } })).passwordHash, "theirs");
  });

  it("the link of the first administrator makes none beside another", async () => {
    const first = { name: "Ada", email: "ada@src.example", password: phrase };
    const token = (await setupLink(base))?.split("/").at(-1) ?? "";
    await reset(await make());
    const setUp = () => createFirstAdministrator({ ...first, token });
    const administrator =
      "insert into users (email, name, role) values ('x@src.example', 'X', 'administrator')";
    assert.deepEqual(await overtaken(setUp, administrator), dead);
    await sql`update users set role = 'reader'`;
    assert.deepEqual(await overtaken(setUp, "update user_tokens set used_at = now()"), dead);
    await sql`update user_tokens set used_at = null`;
    assert.ok((await setUp()).ok, "a reader, and a link that is good again");
    assert.equal(await db.user.count({ where: { role: "administrator" } }), 1);
  });

  it("a former administrator who sets the application up again gets the account back", async () => {
    const id = await make("administrator", { ...closed, email: "ada@src.example" });
    const token = (await setupLink(base))?.split("/").at(-1) ?? "";
    const ada = { name: "Ada", email: "Ada@SRC.example", password: other, token };
    assert.deepEqual(await createFirstAdministrator(ada), { ok: true, userId: id });
    assert.ok(await opens(id, other));
    assert.equal((await db.user.findUniqueOrThrow({ where: { id } })).disabledAt, null);
  });
});
