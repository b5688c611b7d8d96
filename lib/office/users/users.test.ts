import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { prepare } from "#lib/letters/deliveries/compose";
import { db, sql } from "#lib/machine/db";
import { createUser } from "./command.ts";
import { inviteAgain, inviteUser, requestReset } from "./invite.ts";
import { findLink, hashToken } from "./links.ts";
import {
  changePassword,
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
import { verifyPassword } from "./password.ts";
import { findAccount, findSessionUser, listSessions, listUsers } from "./queries.ts";

const phrase = "une phrase bien longue";
const base = "https://src.example/";
const tokenOf = (url: string | null | undefined) => url?.split("/").at(-1) ?? "";

async function make(email: string, role: "administrator" | "reader" = "reader") {
  assert.deepEqual(await createUser({ email, name: "Quelqu’un", role }, phrase), { ok: true });
  const account = await findAccount(email);
  return account?.id ?? 0;
}

/** The secret of the last letter, as its addressee finds it in the link. */
async function sentSecret(): Promise<string> {
  const { id } = await db.content.findFirstOrThrow({ orderBy: { id: "desc" } });
  return (await prepare(id)).secret ?? "";
}

const opens = async (email: string, password: string) =>
  verifyPassword((await findAccount(email))?.passwordHash, password);

beforeEach(async () => {
  await sql`truncate users, user_tokens, sign_in_failures, audit_entries, contents restart identity cascade`;
});

describe("the first administrator", () => {
  it("is made once, by the latest link only", async () => {
    const old = tokenOf(await setupLink(base));
    const link = await setupLink(base);
    assert.match(link ?? "", /^https:\/\/src\.example\/bienvenue\/[\w-]{43}$/);
    const input = { name: "Ada", email: "Ada@SRC.example", password: phrase };
    assert.deepEqual(await createFirstAdministrator({ ...input, token: old }), {
      ok: false,
      reason: "deadLink",
    });
    assert.ok(await findLink("setup", tokenOf(link)), "looking at a link does not use it up");
    assert.ok((await createFirstAdministrator({ ...input, token: tokenOf(link) })).ok);
    assert.deepEqual(await createFirstAdministrator({ ...input, token: tokenOf(link) }), {
      ok: false,
      reason: "deadLink",
    });
    assert.equal(await setupLink(base), null);
    assert.ok(await opens("ada@src.example", phrase));
  });

  it("is one even when the form is sent ten times at once", async () => {
    const token = tokenOf(await setupLink(base));
    const sent = Array.from({ length: 10 }, (_, i) =>
      createFirstAdministrator({ token, name: "Ada", email: `ada${i}@src.example`, password: phrase }),
    );
    const made = (await Promise.all(sent)).filter((result) => result.ok);
    assert.equal(made.length, 1);
    assert.equal((await listUsers()).length, 1);
  });

  it("needs a real password", async () => {
    const token = tokenOf(await setupLink(base));
    const result = await createFirstAdministrator({
      token,
      name: "Ada",
      email: "ada@src.example",
      password: "court",
    });
    assert.deepEqual(result, { ok: false, fields: { password: "users.errors.passwordShort" } });
    assert.ok(await findLink("setup", token), "a refused password leaves the link usable");
  });
});

describe("sessions", () => {
  it("end when revoked, expired, or the account is closed", async () => {
    const admin = await make("admin@src.example", "administrator");
    const id = await make("marie@src.example");
    const [one, two, three] = [
      await openSession(id, "Firefox/1"),
      await openSession(id, ""),
      await openSession(id, ""),
    ];
    assert.equal((await findSessionUser(one))?.email, "marie@src.example");
    assert.equal((await revokeSession(one, admin)).ok, false, "nobody ends somebody else's session");
    assert.equal((await revokeSession(one, id)).ok, true);
    assert.equal(await findSessionUser(one), null);
    await db.userSession.update({ where: { id: two }, data: { expiresAt: new Date(Date.now() - 1000) } });
    assert.equal(await findSessionUser(two), null);
    assert.equal((await listSessions(id)).length, 1);
    assert.deepEqual(await disableUser(id, admin), { ok: true });
    assert.equal(await findSessionUser(three), null);
    assert.deepEqual(await enableUser(id, admin), { ok: true });
    assert.equal(await findSessionUser(three), null, "a reopened account signs in anew");
  });

  it("take no answer for something that is no id", async () => {
    assert.equal(await findSessionUser("' or 1=1 --"), null);
    assert.equal(await findSessionUser(""), null);
  });

  it("note the visit at most once a minute", async () => {
    const id = await make("marie@src.example");
    const session = await openSession(id, "");
    const seen = async () =>
      (await db.userSession.findUniqueOrThrow({ where: { id: session } })).lastSeenAt.getTime();
    const first = await seen();
    await findSessionUser(session);
    assert.equal(await seen(), first);
    await sql`update user_sessions set last_seen_at = now() - interval '2 minutes'`;
    await findSessionUser(session);
    assert.ok((await seen()) >= first);
  });

  it("all end but this one when the password changes", async () => {
    const id = await make("marie@src.example");
    const [here, there] = [await openSession(id, ""), await openSession(id, "")];
    assert.deepEqual(await changePassword(id, "pas celui-ci", "un autre long secret", here), {
      ok: false,
      reason: "currentPassword",
    });
    assert.deepEqual(await changePassword(id, phrase, "un autre long secret", here), { ok: true });
    assert.ok(await findSessionUser(here));
    assert.equal(await findSessionUser(there), null);
    assert.ok(await opens("marie@src.example", "un autre long secret"));
    assert.deepEqual(await revokeSessions(id, null), { ok: true, sessions: 1 });
  });

  it("end with the old password or not at all: never one without the other", async () => {
    const id = await make("marie@src.example");
    const [here, there] = [await openSession(id, ""), await openSession(id, "")];
    await requestReset("marie@src.example");
    const token = "t".repeat(43);
    await sql`update user_tokens set token_hash = ${hashToken(token)} where user_id = ${id}`;
    await sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''refused''; end'`;
    await sql`create trigger refuse before update on user_sessions execute function refuse()`;
    try {
      await assert.rejects(changePassword(id, phrase, "un autre long secret", here), /refused/);
      await assert.rejects(setPassword("reset", token, "un autre long secret"), /refused/);
    } finally {
      await sql`drop function refuse cascade`;
    }
    assert.ok(await opens("marie@src.example", phrase));
    assert.ok((await setPassword("reset", token, "un autre long secret")).ok);
    assert.equal(await findSessionUser(there), null);
  });
});

describe("the last administrator", () => {
  it("keeps the role and the account", async () => {
    const id = await make("admin@src.example", "administrator");
    assert.deepEqual(await changeRole(id, "reader", id), { ok: false, reason: "lastAdministrator" });
    assert.deepEqual(await disableUser(id, id), { ok: false, reason: "lastAdministrator" });
    const other = await make("autre@src.example", "administrator");
    assert.deepEqual(await changeRole(id, "reader", other), { ok: true });
    assert.deepEqual(await disableUser(other, other), { ok: false, reason: "lastAdministrator" });
  });

  it("is left when all step down at once", async () => {
    for (let round = 0; round < 10; round++) {
      await sql`truncate users restart identity cascade`;
      const ids = [];
      for (const i of [1, 2, 3, 4]) ids.push(await make(`admin${i}@src.example`, "administrator"));
      const acts = ids.map((id, i) => (i % 2 ? disableUser(id, id) : changeRole(id, "reader", id)));
      const done = (await Promise.all(acts)).filter((result) => result.ok).length;
      const [left] = await sql<{ n: number }>`
        select count(*)::int as n from users where role = 'administrator' and disabled_at is null`;
      assert.deepEqual([done, left?.n], [3, 1]);
    }
  });
});

describe("letters", () => {
  const letters = () =>
    sql<{ address: string; subject: string; text: string }>`
      select d.address, c.subject, c.text from deliveries d join contents c on c.id = d.content_id order by d.id`;

  it("invite: one account, one letter with the link, which sets the password once", async () => {
    const made = await inviteUser({ email: "Nadia@SRC.example", name: "Nadia", role: "teacher" }, null);
    assert.ok(made.ok);
    const token = tokenOf(made.url);
    const [letter] = await letters();
    assert.equal(letter?.address, "nadia@src.example");
    assert.equal(await sentSecret(), token);
    assert.equal((await findLink("invitation", token))?.owner?.role, "teacher");
    assert.equal(await findLink("reset", token), null, "a link has one purpose");
    assert.equal((await setPassword("invitation", token, "court")).ok, false);
    assert.ok((await setPassword("invitation", token, phrase)).ok);
    assert.deepEqual(await setPassword("invitation", token, phrase), { ok: false, reason: "deadLink" });
    assert.ok(await opens("nadia@src.example", phrase));
    const again = await inviteUser({ email: "nadia@src.example", name: "Nadia", role: "reader" }, null);
    assert.deepEqual(again, { ok: false, fields: { email: "users.errors.taken" } });
  });

  it("a second invitation kills the first", async () => {
    const admin = await make("admin@src.example", "administrator");
    const made = await inviteUser({ email: "nadia@src.example", name: "Nadia", role: "teacher" }, null);
    const [person] = (await listUsers()).filter((user) => user.invited);
    assert.ok((await inviteAgain(person?.id ?? 0, { id: admin, name: "Ada" })).ok);
    assert.equal(await findLink("invitation", tokenOf(made.ok ? made.url : "")), null);
    assert.equal((await letters()).length, 2);
    assert.equal(
      (await inviteAgain(admin, { id: admin, name: "Ada" })).ok,
      false,
      "they have a password already",
    );
  });

  it("reset: same answer for everybody, a letter for those who exist, every session closed", async () => {
    const id = await make("marie@src.example");
    const session = await openSession(id, "");
    assert.deepEqual(await requestReset("inconnue@src.example"), await requestReset("MARIE@src.example"));
    const sent = await letters();
    assert.deepEqual(
      sent.map((letter) => letter.address),
      ["marie@src.example"],
    );
    const token = await sentSecret();
    assert.ok((await setPassword("reset", token, "un autre long secret")).ok);
    assert.equal(await findSessionUser(session), null);
    assert.ok(await opens("marie@src.example", "un autre long secret"));
  });

  it("a mailbox is not flooded with resets", async () => {
    await make("marie@src.example");
    for (let i = 0; i < 12; i++) await requestReset("marie@src.example");
    assert.equal((await letters()).length, 5);
  });

  it("an expired link is dead", async () => {
    const made = await inviteUser({ email: "nadia@src.example", name: "Nadia", role: "teacher" }, null);
    await sql`update user_tokens set expires_at = now() - interval '1 second'`;
    const token = tokenOf(made.ok ? made.url : "");
    assert.equal(await findLink("invitation", token), null);
    assert.deepEqual(await setPassword("invitation", token, phrase), { ok: false, reason: "deadLink" });
  });
});
