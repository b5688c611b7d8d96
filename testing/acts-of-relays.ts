/** The same for relays and accounts. */

import { tryRelay } from "#lib/letters/deliveries/trial";
import * as keys from "#lib/letters/dkim/mutations";
import * as allowances from "#lib/letters/ledger/allowances";
import { addFallback, moveFallback, removeFallback } from "#lib/letters/relays/fallbacks";
import { archiveIdentity, makeDefault, saveIdentity } from "#lib/letters/relays/identities";
import * as relays from "#lib/letters/relays/mutations";
import { relayInput } from "#lib/letters/relays/schema";
import { db, sql, transaction } from "#lib/machine/db";
import { inviteAgain, inviteUser } from "#lib/office/users/invite";
import { makeLink } from "#lib/office/users/links";
import * as users from "#lib/office/users/mutations";
import { hashPassword } from "#lib/office/users/password";
import { checkRelay } from "#lib/returns/mailbox/check";
import type { Act } from "#testing/acts";

let made = 0;
const fresh = (word: string) => `${word}${++made}`;

/** Where a server listens that takes any password. */
export const server = { port: 0 };
const form = () =>
  relayInput.parse({
    ...{
      name: fresh("Relais"),
      host: "127.0.0.1",
      port: String(server.port),
      security: "none",
      inClear: "yes",
    },
    ...{ username: "", password: "", maxConnections: "2", perMinute: "", perHour: "", perDay: "" },
    ...{ imapHost: "", imapPort: "993", imapSecurity: "tls", imapFolder: "" },
  });

const relay = async (data: object = {}) =>
  (
    await db.relay.create({
      data: {
        ...{ name: fresh("Relais"), kind: "smtp", host: "127.0.0.1", port: server.port, security: "none" },
        ...{ testedAt: new Date(), triedAt: new Date(), ...data },
      },
    })
  ).id;
const identity = async (relayId?: number) =>
  (
    await db.identity.create({
      data: {
        relayId: relayId ?? (await relay()),
        displayName: "SRC",
        address: `${fresh("src")}@iut.example`,
      },
    })
  ).id;
const limits = { maxConnections: 3, perMinute: 5, perHour: null, perDay: 500 };
const domain = { domain: "gmail.com", perMinute: 5, perHour: null, perDay: null };
const withDomain = async (data: object) => {
  const id = await relay();
  await db.relayDomain.create({ data: { relayId: id, ...domain, ...data } });
  return id;
};
const route = async (by: number) => {
  const [who, first, second] = [await identity(), await relay(), await relay()];
  await addFallback(who, first, by);
  await addFallback(who, second, by);
  return { who, second };
};

const on =
  (give: () => Promise<number>, act: (id: number, by: number) => Promise<{ ok: boolean }>): Act =>
  async (by) => {
    const id = await give();
    return () => act(id, by);
  };

const phrase = "une phrase bien longue";
const user = async (data: object = {}) =>
  (
    await db.user.create({
      data: {
        email: `${fresh("u")}@src.example`,
        name: "Zoé",
        role: "reader",
        passwordHash: await hash,
        ...data,
      },
    })
  ).id;
const hash = hashPassword(phrase);
const tokenFor = async (purpose: "setup" | "reset", id: number | null) =>
  (await transaction((client) => makeLink(client, purpose, id, "https://src.example"))).token;
const key = async (check: string | null) => {
  const name = fresh("s");
  return (
    await db.dkimKey.create({
      data: {
        domain: `${name}.example`,
        selector: name,
        publicKey: "",
        sealedPrivateKey: Buffer.of(1),
        checkResult: check,
        publishedAt: new Date(),
      },
    })
  ).id;
};

export const actsOfRelays: Record<string, Act> = {
  createRelay: async (by) => () => relays.createRelay(form(), by),
  updateRelay: on(relay, (id, by) => relays.updateRelay(id, form(), by)),
  pauseRelay: on(relay, relays.pauseRelay),
  resumeRelay: on(() => relay({ pauseReason: "staff" }), relays.resumeRelay),
  archiveRelay: on(relay, relays.archiveRelay),
  checkRelay: on(relay, (id, by) => checkRelay(id, "smtp", by)),
  tryRelay: on(
    async () => (await db.identity.findUniqueOrThrow({ where: { id: await identity() } })).relayId,
    (id, by) => tryRelay(id, { id: by, email: "moi@src.example", locale: "fr" }),
  ),
  saveIdentity: on(relay, (relayId, by) =>
    saveIdentity({ relayId, displayName: "SRC", address: `${fresh("i")}@iut.example`, replyTo: "" }, by),
  ),
  archiveIdentity: on(identity, archiveIdentity),
  makeDefault: on(identity, (id, by) => makeDefault(id, true, by)),
  addFallback: async (by) => {
    const [who, other] = [await identity(), await relay()];
    return () => addFallback(who, other, by);
  },
  removeFallback: async (by) => {
    const { who, second } = await route(by);
    return () => removeFallback(who, second, by);
  },
  moveFallback: async (by) => {
    const { who, second } = await route(by);
    return () => moveFallback(who, second, "up", by);
  },
  setLimits: on(relay, (id, by) => allowances.setLimits({ id, ...limits }, by)),
  forgetLearned: on(() => relay({ learnedUntil: new Date("2999-01-01") }), allowances.forgetLearned),
  startWarmUp: on(relay, (id, by) => allowances.startWarmUp(id, 5, 10, by)),
  stopWarmUp: on(
    () => relay({ warmUpFrom: 5, warmUpDays: 10, warmUpSince: new Date() }),
    allowances.stopWarmUp,
  ),
  setDomainLimits: on(relay, (id, by) => allowances.setDomainLimits({ id, ...domain }, by)),
  removeDomainLimits: on(
    () => withDomain({}),
    (id, by) => allowances.removeDomainLimits(id, "gmail.com", by),
  ),
  forgetSlowDown: on(
    () => withDomain({ slowUntil: new Date("2999-01-01") }),
    (id, by) => allowances.forgetSlowDown(id, "gmail.com", by),
  ),
  createKey: async (by) => {
    await identity();
    await sql`update dkim_keys set activated_at = now() where domain = 'iut.example'`;
    return () => keys.createKey("iut.example", by, new Date(), "ed25519");
  },
  activateKey: on(() => key("right"), keys.activateKey),
  retireKey: on(() => key(null), keys.retireKey),

  inviteUser: async (by) => () =>
    inviteUser({ email: `${fresh("n")}@src.example`, name: "Noé", role: "reader" }, { id: by, name: "Ada" }),
  inviteAgain: on(
    () => user({ passwordHash: null }),
    (id, by) => inviteAgain(id, { id: by, name: "Ada" }),
  ),
  revokeSessions: on(async () => {
    const id = await user();
    await users.openSession(id, "");
    return id;
  }, users.revokeSessions),
  changeRole: on(user, (id, by) => users.changeRole(id, "teacher", by)),
  disableUser: on(user, users.disableUser),
  enableUser: on(() => user({ disabledAt: new Date() }), users.enableUser),
  changeProfile: async (by) => () => users.changeProfile(by, { name: fresh("Ada"), locale: "en" }),
  changePassword: async (by) => {
    await sql`update users set password_hash = ${await hash} where id = ${by}`;
    const session = await users.openSession(by, "");
    return () => users.changePassword(by, phrase, "une autre phrase longue", session);
  },
  setPassword: async () => {
    const token = await tokenFor("reset", await user());
    return () => users.setPassword("reset", token, "une autre phrase longue");
  },
  createFirstAdministrator: async () => {
    const token = await tokenFor("setup", null);
    const first = { token, name: "Ada", email: `${fresh("ada")}@src.example`, password: phrase };
    return () => users.createFirstAdministrator(first);
  },
};
