import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { sql } from "#lib/machine/db";
import { authOptions } from "./auth.ts";
import { createUser } from "./command.ts";
import { makeDevice } from "./device.ts";
import { findSessionUser } from "./queries.ts";
import { countSignIn } from "./throttle.ts";

const phrase = "une phrase bien longue";

type Authorize = (
  credentials: Record<string, string>,
  request: { headers: Record<string, string> },
) => Promise<{ sessionId: string } | null>;

let forgeries = 0;

/** What next-auth calls when the form is posted; the sender claims another address each time. */
function signIn(email: string, password: string, address = "192.0.2.1", device = "") {
  const [provider] = authOptions.providers as unknown as [{ options: { authorize: Authorize } }];
  const forged = `203.0.113.${forgeries++ % 250}`;
  const headers = {
    "x-src-peer": address,
    "x-forwarded-for": forged,
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130",
    cookie: `theme=dark; src-device=${device}`,
  };
  return provider.options.authorize({ email, password }, { headers });
}

beforeEach(async () => {
  await sql`truncate users, sign_in_failures, audit_entries, contents restart identity cascade`;
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
    assert.equal(await countSignIn("marie@src.example", 1, { network: "192.0.2.7", device: null }), 0);
  });

  it("doubles the wait", async () => {
    for (let i = 0; i < 5; i++) await signIn("marie@src.example", "faux");
    await sql`update sign_in_failures set at = at - interval '61 seconds'`;
    await signIn("marie@src.example", "faux");
    const wait = await countSignIn("marie@src.example", 1, { network: "192.0.2.1", device: null });
    assert.ok(wait > 60 && wait <= 120, String(wait));
  });

  it("stops one address that tries many accounts", async () => {
    for (let i = 0; i < 20; i++) await signIn(`compte${i}@src.example`, "faux", "198.51.100.4");
    await assert.rejects(async () => signIn("marie@src.example", phrase, "198.51.100.4"), {
      message: "throttled",
    });
    assert.ok(await signIn("marie@src.example", phrase, "198.51.100.5"), "others are not touched");
  });

  it("cannot keep the owner out of their usual browser, wherever the guessing comes from", async () => {
    const device = makeDevice(1);
    for (let i = 0; i < 30; i++)
      await signIn("marie@src.example", "faux", i % 2 ? "192.0.2.1" : "198.51.100.9").catch(() => null);
    for (let i = 0; i < 20; i++) await signIn(`compte${i}@src.example`, "faux").catch(() => null);
    await assert.rejects(async () => signIn("marie@src.example", phrase), { message: "throttled" });
    assert.ok(await signIn("marie@src.example", phrase, "192.0.2.1", device), "even behind the same address");
  });

  it("lets a known browser guess no more than another, and no other account", async () => {
    await createUser({ email: "nadia@src.example", name: "Nadia", role: "reader" }, phrase);
    const device = makeDevice(1);
    for (let i = 0; i < 5; i++)
      assert.equal(await signIn("marie@src.example", "faux", `10.1.0.${i}`, device), null);
    await assert.rejects(async () => signIn("marie@src.example", phrase, "10.1.0.9", device), {
      message: "throttled",
    });
    for (let i = 0; i < 20; i++) await signIn(`compte${i}@src.example`, "faux", "10.2.0.1", device);
    await assert.rejects(async () => signIn("nadia@src.example", phrase, "10.2.0.1", device), {
      message: "throttled",
    });
  });

  it("counts an IPv6 customer once, however many addresses they have", async () => {
    for (let i = 0; i < 20; i++) await signIn(`compte${i}@src.example`, "faux", `2001:db8:1:2::${i}`);
    await assert.rejects(async () => signIn("marie@src.example", phrase, "2001:db8:1:2:a:b:c:d"), {
      message: "throttled",
    });
    assert.ok(await signIn("marie@src.example", phrase, "2001:db8:1:3::1"));
  });

  it("gives a hundred tries at once no more than five", async () => {
    const tries = Array.from({ length: 100 }, (_, i) =>
      countSignIn("marie@src.example", 1, { network: `10.0.0.${i}`, device: null }),
    );
    const passed = (await Promise.all(tries)).filter((wait) => wait === 0).length;
    assert.equal(passed, 5);
  });
});

describe("the journal", () => {
  const journal = () =>
    sql<{ action: string; subject_id: number | null; data: Record<string, string>; network: string | null }>`
      select a.action, a.subject_id, a.data, n.network from audit_entries a left join sign_in_networks n on n.audit_entry_id = a.id
      where a.action like 'user.sign%' order by a.id`;

  it("shows who came in, and who was refused, with browser and network", async () => {
    await signIn("marie@src.example", phrase);
    await signIn("marie@src.example", "faux", "198.51.100.9");
    await signIn("mon-mot-de-passe", "faux", "198.51.100.9");
    const browser = "Firefox · Linux";
    assert.deepEqual(await journal(), [
      { action: "user.signedIn", subject_id: 1, data: { browser }, network: "192.0.2.1" },
      {
        action: "user.signInRefused",
        subject_id: 1,
        data: { reason: "password", browser },
        network: "198.51.100.9",
      },
      {
        action: "user.signInRefused",
        subject_id: null,
        data: { reason: "unknown", browser },
        network: "198.51.100.9",
      },
    ]);
    const [entry] = await sql<{ said: string }>`select string_agg(e::text, ' ') as said from audit_entries e`;
    assert.ok(!entry?.said.includes("mon-mot-de-passe"), "what is typed as an address may be a password");
  });

  it("notes those who are made to wait once an hour", async () => {
    for (let i = 0; i < 12; i++) await signIn("marie@src.example", "faux").catch(() => null);
    const reasons = (await journal()).map(({ data }) => data.reason);
    assert.deepEqual(reasons, [...Array(5).fill("password"), "throttled"]);
  });
});

describe("a new browser", () => {
  const letters = () =>
    sql<{ address: string; subject: string; text: string }>`
      select d.address, c.subject, c.text from deliveries d join contents c on c.id = d.content_id order by d.id`;

  it("is told to the owner by mail, a known one and the first are not", async () => {
    await signIn("marie@src.example", phrase);
    assert.deepEqual(await letters(), [], "the first sign-in of an account is no news");
    await signIn("marie@src.example", phrase, "192.0.2.1", makeDevice(1));
    assert.deepEqual(await letters(), []);
    await signIn("marie@src.example", "faux", "198.51.100.9");
    assert.deepEqual(await letters(), [], "nothing happened");
    await signIn("marie@src.example", phrase, "198.51.100.9");
    const [letter, ...others] = await letters();
    assert.deepEqual(others, []);
    assert.equal(letter?.address, "marie@src.example");
    assert.match(letter?.text ?? "", /Firefox · Linux[\s\S]*198\.51\.100\.9[\s\S]*\/account/);
  });

  it("comes in all the same where there is nobody to write as", async () => {
    await signIn("marie@src.example", phrase);
    await sql`update identities set is_default = false`;
    try {
      assert.ok(await signIn("marie@src.example", phrase, "198.51.100.9"));
    } finally {
      await sql`update identities set is_default = true where id = 1`;
    }
  });

  it("is known by a cookie that we signed for this account, and no other", async () => {
    const device = makeDevice(1);
    await signIn("marie@src.example", phrase);
    for (const forged of [
      makeDevice(2),
      device.replace(/^1\./, "2."),
      device.slice(0, -1),
      `${device}x`,
      "1.x.y.z",
    ]) {
      const before = (await letters()).length;
      await signIn("marie@src.example", phrase, "192.0.2.1", forged);
      assert.equal((await letters()).length, before + 1, forged);
    }
  });
});
