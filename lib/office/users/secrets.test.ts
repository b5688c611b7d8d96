/** Everything that opens a door without a password: what each is for, to whom, and what kills it. One table. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { decode, encode } from "next-auth/jwt";
import { prepare } from "#lib/letters/deliveries/compose";
import { deliveryOf, messageId } from "#lib/letters/deliveries/message-id";
import { beginAuthorization, findAuthorization } from "#lib/letters/relays/authorization";
import { createRelay } from "#lib/letters/relays/mutations";
import { readState, signState } from "#lib/letters/relays/oauth-state";
import { relayInput } from "#lib/letters/relays/schema";
import { db, sql } from "#lib/machine/db";
import { keyFor } from "#lib/machine/seal";
import { readToken, signToken, type TokenPurpose } from "#lib/machine/tokens";
import { firstLife } from "#testing/names";
import { createUser } from "./command.ts";
import { findDevice, makeDevice } from "./device.ts";
import { inviteUser, requestReset } from "./invite.ts";
import { findLink } from "./links.ts";
import {
  changePassword,
  createFirstAdministrator,
  disableUser,
  enableUser,
  openSession,
  revokeSession,
  setPassword,
  setupLink,
} from "./mutations.ts";
import { findSessionUser } from "./queries.ts";

const phrase = "une phrase bien longue";
const other = "un autre long secret";

/** One secret of Marie's (or nobody's), how to tell whether it still opens, and how it is used up if it is. */
type Secret = {
  opens: () => Promise<boolean>;
  use?: () => Promise<unknown>;
  /** The words somebody else would hold it out with. */
  text: string;
};
type Maker = (marie: number) => Promise<Secret>;

const lastSecret = async () => {
  const { id } = await db.content.findFirstOrThrow({ orderBy: { id: "desc" } });
  return (await prepare(id)).secret ?? "";
};
const link = (
  purpose: "setup" | "invitation" | "reset",
  text: string,
  use: () => Promise<unknown>,
): Secret => ({
  text,
  use,
  opens: async () => (await findLink(purpose, text)) !== null,
});

const makers: Record<string, Maker> = {
  reset: async () => {
    await requestReset("marie@src.example");
    const text = await lastSecret();
    return link("reset", text, () => setPassword("reset", text, other));
  },
  invitation: async (marie) => {
    // Marie has not come yet.
    await sql`update users set password_hash = null where id = ${marie}`;
    await requestReset("marie@src.example");
    const text = await lastSecret();
    return link("invitation", text, () => setPassword("invitation", text, other));
  },
  setup: async () => {
    await sql`update users set role = 'reader'`;
    const text = (await setupLink("https://src.example"))?.split("/").at(-1) ?? "";
    const first = { token: text, name: "Ada", email: "nouvelle@src.example", password: phrase };
    return link("setup", text, () => createFirstAdministrator(first));
  },
  session: async (marie) => {
    const text = await openSession(marie, "", "192.0.2.1");
    return {
      text,
      opens: async () => (await findSessionUser(text)) !== null,
      use: () => revokeSession(text, marie),
    };
  },
  device: async (marie) => {
    const text = makeDevice(marie);
    return { text, opens: async () => (await findDevice(text))?.userId === marie };
  },
  authorization: async (marie) => {
    const [known] = await sql<{ id: number }>`select relay_id as id from relay_oauth`;
    const relay = known ?? (await createRelay(oauthRelay(), null));
    assert.ok("id" in relay);
    const begun = await beginAuthorization(relay.id, marie, "https://src.example");
    assert.ok(begun.ok);
    const text = new URL(begun.url).searchParams.get("state") ?? "";
    return {
      text,
      opens: async () => (await findAuthorization(text, marie)) !== null,
      // What finishing does first; the provider is not there.
      use: () => sql`update relay_oauth set nonce = null, nonce_until = null where relay_id = ${relay.id}`,
    };
  },
};

const oauthRelay = () =>
  relayInput.parse({
    name: "Jeton",
    host: "smtp.example",
    port: "587",
    security: "starttls",
    username: "src",
    password: "",
    maxConnections: "1",
    perMinute: "",
    perHour: "",
    perDay: "",
    imapHost: "",
    imapPort: "993",
    imapSecurity: "tls",
    imapUsername: "",
    imapPassword: "",
    imapFolder: "",
    login: "oauth",
    oauthAuthorizeUrl: "https://id.example/a",
    oauthTokenUrl: "https://id.example/t",
    oauthScope: "mail",
    oauthClientId: "src",
    oauthClientSecret: "",
  });

/** What happens to Marie, by whom she is or the administrator. */
const events = {
  "it is used": async (_: number, secret: Secret) => void (await secret.use?.()),
  "the password changes": async (marie: number) => {
    // By a link in her mailbox, whatever she was signed in with.
    await sql`update users set password_hash = 'x' where id = ${marie} and password_hash is null`;
    await sql`delete from sign_in_failures`;
    const resets = await sql`select from user_tokens where user_id = ${marie} and purpose = 'reset'`;
    if (resets.length > 0) await sql`update user_tokens set purpose = 'reset'`;
    await freshPassword(marie);
  },
  "the account closes": async (marie: number) => void (await disableUser(marie, 2)),
  "it closes and opens again": async (marie: number) => {
    await disableUser(marie, 2);
    await enableUser(marie, 2);
  },
  "another is made": async (marie: number, _: Secret, make: Maker) => void (await make(marie)),
} as const;

/** As from the account page of another browser. */
async function freshPassword(marie: number) {
  const { hashPassword } = await import("./password.ts");
  await sql`update users set password_hash = ${await hashPassword(phrase)} where id = ${marie}`;
  const here = await openSession(marie, "");
  assert.ok((await changePassword(marie, phrase, other, here)).ok);
}

type Event = keyof typeof events;
const all: Event[] = [
  "it is used",
  "the password changes",
  "the account closes",
  "it closes and opens again",
];

/** By what each dies; what is not listed, it outlives. */
const table: Record<keyof typeof makers, Event[]> = {
  reset: [...all, "another is made"],
  invitation: [...all, "another is made"],
  // Nobody's yet: it dies when it made an administrator, by another, or by being replaced.
  setup: ["it is used", "another is made"],
  session: all,
  // Opens nothing by itself; used as often as its owner signs in.
  device: ["the password changes", "the account closes", "it closes and opens again"],
  authorization: [...all, "another is made"],
};

beforeEach(async () => {
  await sql`truncate users, user_tokens, sign_in_failures, contents, relay_oauth restart identity cascade`;
  await createUser({ email: "marie@src.example", name: "Marie", role: "administrator" }, phrase);
  await createUser({ email: "ada@src.example", name: "Ada", role: "administrator" }, phrase);
});

for (const [name, kills] of Object.entries(table))
  describe(name, () => {
    const make = makers[name] as Maker;
    for (const event of Object.keys(events) as Event[])
      it(`${kills.includes(event) ? "dies" : "lives on"} when ${event}`, async () => {
        const secret = await make(1);
        assert.ok(await secret.opens(), "it opens at first");
        await events[event](1, secret, make);
        assert.equal(await secret.opens(), !kills.includes(event));
      });
  });

describe("each for one purpose and one person", () => {
  it("opens no other door", async () => {
    const texts: string[] = [];
    for (const make of [makers.reset, makers.session, makers.device, makers.authorization] as Maker[])
      texts.push((await make(1)).text);
    for (const purpose of ["unsubscribe", "preferences", "online"] as TokenPurpose[])
      texts.push(signToken(purpose, firstLife(1)));
    texts.push(messageId(firstLife(1), "src.example"));
    const doors: [string, (text: string) => unknown][] = [
      ["reset", (text) => findLink("reset", text)],
      ["session", (text) => findSessionUser(text)],
      ["device", (text) => findDevice(text)],
      ["authorization", (text) => findAuthorization(text, 1)],
      ["unsubscribe", (text) => readToken("unsubscribe", text)],
      ["preferences", (text) => readToken("preferences", text)],
      ["online", (text) => readToken("online", text)],
      ["message", (text) => deliveryOf(text)],
      ["invitation", (text) => findLink("invitation", text)],
      ["setup", (text) => findLink("setup", text)],
    ];
    for (const [n, text] of texts.entries())
      for (const [m, [door, opens]] of doors.entries())
        assert.equal(Boolean(await opens(text)), n === m, `${doors[n]?.[0]} at the door of ${door}`);
  });

  it("and for its person only", async () => {
    const { text } = await (makers.authorization as Maker)(1);
    assert.equal(await findAuthorization(text, 2), null);
    const told = readState(text);
    assert.ok(told);
    assert.equal(
      await findAuthorization(signState({ ...told, userId: 2 }), 2).then(Boolean),
      true,
      "signed for another by us only",
    );
    assert.equal((await findDevice(makeDevice(2)))?.userId, 2);
    const session = await openSession(1, "");
    assert.equal((await revokeSession(session, 2)).ok, false);
  });

  it("signs the cookie of a session with a key of its own", async () => {
    const secret = keyFor("auth").toString("hex");
    const cookie = await encode({ token: { sessionId: "x" }, secret });
    for (const purpose of ["seal", "sealed", "device", "oauth-state", "sign-in", "token:unsubscribe"])
      await assert.rejects(decode({ token: cookie, secret: keyFor(purpose).toString("hex") }), purpose);
  });
});

describe("what leaves in letters to readers", () => {
  it("lives on: a link to stop works for as long as the letter is kept", async () => {
    const token = signToken("unsubscribe", firstLife(7));
    await inviteUser({ email: "nadia@src.example", name: "Nadia", role: "reader" }, null);
    await disableUser(1, 2);
    assert.deepEqual(readToken("unsubscribe", token), firstLife(7));
  });
});
