import "#lib/test-db";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { sql } from "#lib/db";
import { authOptions } from "./auth.ts";
import { createUser } from "./command.ts";
import { findSessionUser } from "./queries.ts";
import { countAttempt } from "./throttle.ts";

const phrase = "une phrase bien longue";

type Authorize = (
  credentials: Record<string, string>,
  request: { headers: Record<string, string> },
) => Promise<{ sessionId: string } | null>;

let forgeries = 0;

/** What next-auth calls when the form is posted; the sender claims another address each time. */
function signIn(email: string, password: string, address = "192.0.2.1") {
  const [provider] = authOptions.providers as unknown as { options: { authorize: Authorize } }[];
  const forged = `203.0.113.${forgeries++ % 250}`;
  const headers = { "x-src-peer": address, "x-forwarded-for": forged, "user-agent": "Firefox/130" };
  return provider?.options.authorize({ email, password }, { headers });
}

beforeEach(async () => {
  await sql`truncate users, sign_in_failures restart identity cascade`;
  await createUser({ email: "marie@src.example", name: "Marie", role: "teacher" }, phrase);
});

describe("signing in", () => {
  it("opens a session for the right pair, whatever the case of the address", async () => {
    const user = await signIn(" Marie@SRC.example", phrase);
    assert.equal((await findSessionUser(user?.sessionId ?? ""))?.name, "Marie");
  });

  it("gives one answer to a wrong password, an unknown account, an invited one and a closed one", async () => {
    await sql`insert into users (email, name, role) values ('nadia@src.example', 'Nadia', 'reader')`;
    assert.equal(await signIn("marie@src.example", "autre chose"), null);
    assert.equal(await signIn("personne@src.example", phrase), null);
    assert.equal(await signIn("nadia@src.example", "no account has this password"), null);
    await sql`update users set disabled_at = now() where email = 'marie@src.example'`;
    assert.equal(await signIn("marie@src.example", phrase), null);
  });

  it("works as hard for an unknown account as for a wrong password", async () => {
    // Processor time, not the clock: the hash is by far the most of it, and a busy machine does not change it.
    const work = async (email: string) => {
      const before = process.cpuUsage();
      await signIn(email, "autre chose");
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    await work("marie@src.example");
    const [known, unknown] = [await work("marie@src.example"), await work("personne@src.example")];
    assert.ok(
      unknown > known / 3,
      `unknown ${unknown} µs, known ${known} µs: the hash is computed either way`,
    );
  });
});

describe("throttling", () => {
  it("refuses even the right password after five failures, and the same for an account that does not exist", async () => {
    for (const email of ["marie@src.example", "personne@src.example"]) {
      for (let i = 0; i < 5; i++) assert.equal(await signIn(email, "faux"), null);
      await assert.rejects(async () => signIn(email, phrase), { message: "throttled" });
    }
  });

  it("lets the owner in once the minute is over, and forgets the failures", async () => {
    for (let i = 0; i < 5; i++) await signIn("marie@src.example", "faux");
    await sql`update sign_in_failures set at = at - interval '61 seconds'`;
    assert.ok(await signIn("marie@src.example", phrase));
    assert.equal(await countAttempt("marie@src.example", "192.0.2.7"), 0);
  });

  it("doubles the wait", async () => {
    for (let i = 0; i < 5; i++) await signIn("marie@src.example", "faux");
    await sql`update sign_in_failures set at = at - interval '61 seconds'`;
    await signIn("marie@src.example", "faux");
    const wait = await countAttempt("marie@src.example", "192.0.2.1");
    assert.ok(wait > 60 && wait <= 120, String(wait));
  });

  it("stops one address that tries many accounts", async () => {
    for (let i = 0; i < 20; i++) await signIn(`compte${i}@src.example`, "faux", "198.51.100.4");
    await assert.rejects(async () => signIn("marie@src.example", phrase, "198.51.100.4"), {
      message: "throttled",
    });
    assert.ok(await signIn("marie@src.example", phrase, "198.51.100.5"), "others are not touched");
  });

  it("gives a hundred tries at once no more than five", async () => {
    const tries = Array.from({ length: 100 }, (_, i) => countAttempt("marie@src.example", `10.0.0.${i}`));
    const passed = (await Promise.all(tries)).filter((wait) => wait === 0).length;
    assert.equal(passed, 5);
  });
});
