import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { sql } from "#lib/machine/db";
import { createUser } from "./command.ts";
import { findDevice, makeDevice } from "./device.ts";
import { inviteAgain, inviteUser, requestReset } from "./invite.ts";
import { changePassword, openSession } from "./mutations.ts";
import { networkOf } from "./rules.ts";
import { countSignIn, forgetSignIns } from "./throttle.ts";

const phrase = "une phrase bien longue";
const by = { id: 1, name: "Ada" };

beforeEach(async () => {
  await sql`truncate users, user_tokens, sign_in_failures, contents restart identity cascade`;
  await createUser({ email: "ada@src.example", name: "Ada", role: "administrator" }, phrase);
});

const letters = async () => (await sql`select from deliveries`).length;

describe("people of one network", () => {
  it("sign in at the same moment without waiting for one another", async () => {
    const from = { network: "192.0.2.9", device: null };
    for (let round = 0; round < 20; round++) {
      const waits = await Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
          const email = `p${i}@src.example`;
          const wait = await countSignIn(email, undefined, from);
          await forgetSignIns(email, 0, from);
          return wait;
        }),
      );
      assert.deepEqual(waits, Array(8).fill(0));
    }
  });
});

describe("a good password", () => {
  it("clears its own account's tries, and nobody else's", async () => {
    const from = { network: "192.0.2.9", device: null };
    for (let i = 0; i < 5; i++) await countSignIn("guessed@src.example", undefined, from);
    await countSignIn("ada@src.example", 1, from);
    await forgetSignIns("ada@src.example", 1, from);
    assert.ok((await countSignIn("guessed@src.example", undefined, from)) > 0);
  });
});

describe("the current password", () => {
  it("is guessed five times, then waited for; the right one clears the count", async () => {
    const here = await openSession(1, "");
    const attempt = (current: string) => changePassword(1, current, "un autre long secret", here);
    for (let i = 0; i < 5; i++)
      assert.deepEqual(await attempt("faux"), { ok: false, reason: "currentPassword" });
    assert.deepEqual(await attempt(phrase), { ok: false, reason: "throttled" });
    await sql`update sign_in_failures set at = at - interval '61 seconds'`;
    assert.deepEqual(await attempt(phrase), { ok: true });
    assert.equal((await sql`select from sign_in_failures`).length, 0);
  });
});

describe("invitations", () => {
  it("are not written to one address more than five times", async () => {
    assert.ok((await inviteUser({ email: "nadia@src.example", name: "Nadia", role: "reader" }, by)).ok);
    for (let i = 0; i < 4; i++) assert.ok((await inviteAgain(2, by)).ok);
    assert.deepEqual(await inviteAgain(2, by), { ok: false, reason: "throttled" });
    assert.equal(await letters(), 5);
  });

  it("invite a whole department, and no crowd", async () => {
    const hundred = Array.from({ length: 100 }, (_, i) => ({
      email: `p${i}@src.example`,
      name: "P",
      role: "reader" as const,
    }));
    for (const one of hundred) assert.ok((await inviteUser(one, by)).ok);
    const last = { email: "p100@src.example", name: "P", role: "reader" as const };
    assert.deepEqual(await inviteUser(last, by), { ok: false, reason: "throttled" });
    assert.ok((await inviteUser(last, null)).ok, "whoever is at the machine may");
  });
});

describe("resets", () => {
  it("are counted by network too: one visitor cannot write to everybody", async () => {
    const from = { network: "198.51.100.9", device: null };
    for (let i = 0; i < 25; i++) {
      await createUser({ email: `p${i}@src.example`, name: "P", role: "reader" }, phrase);
      await requestReset(`p${i}@src.example`, from);
    }
    assert.equal(await letters(), 20);
    await requestReset("ada@src.example", { network: "198.51.100.10", device: null });
    assert.equal(await letters(), 21, "others are not touched");
  });

  it("asked for by a stranger leave the owner theirs", async () => {
    for (let i = 0; i < 9; i++)
      await requestReset("ada@src.example", { network: "198.51.100.9", device: null });
    assert.equal(await letters(), 5);
    await requestReset("ada@src.example", {
      network: "198.51.100.9",
      device: await findDevice(makeDevice(1)),
    });
    assert.equal(await letters(), 6);
  });

  it("are composed before their transaction begins", async () => {
    await sql`create table held (ms float)`;
    await sql`create function hold() returns trigger language plpgsql as
      'begin insert into held values (extract(epoch from clock_timestamp() - now()) * 1000); return new; end'`;
    await sql`create trigger hold before insert on contents for each row execute function hold()`;
    // A busy machine may stop anybody anywhere, once: the smallest share of several tries is the code's own.
    let share = 1;
    for (let i = 0; i < 5; i++) {
      await sql`truncate held`;
      const begun = performance.now();
      await requestReset("ada@src.example");
      const all = performance.now() - begun;
      const [held] = await sql<{ ms: number }>`select ms from held`;
      share = Math.min(share, (held?.ms ?? all) / all);
    }
    await sql`drop function hold cascade`;
    await sql`drop table held`;
    assert.ok(share < 1 / 3, `${share} of the time in the transaction`);
  });
});

it("one IPv6 customer is one network, however written", () => {
  for (const one of ["2001:db8:1:2::1", "2001:0DB8:0001:0002:a:b:c:d", "2001:db8:1:2:ffff::"])
    assert.equal(networkOf(one), "2001:db8:1:2::/64", one);
  assert.notEqual(networkOf("2001:db8:1:3::1"), networkOf("2001:db8:1:2::1"));
  assert.equal(networkOf("::1"), "0:0:0:0::/64");
  assert.equal(networkOf("192.0.2.1"), "192.0.2.1");
});
