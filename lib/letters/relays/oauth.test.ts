import "#testing/database";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { SMTPServer } from "smtp-server";
import { getRelayAccess } from "#lib/letters/relays/access";
import {
  beginAuthorization,
  findAuthorization,
  finishAuthorization,
} from "#lib/letters/relays/authorization";
import { openConnection } from "#lib/letters/relays/connection";
import { inOnePiece } from "#lib/letters/relays/message";
import { createRelay, pauseRelay, updateRelay } from "#lib/letters/relays/mutations";
import { AccessFault, findTokenLogin } from "#lib/letters/relays/oauth";
import { relayInput } from "#lib/letters/relays/schema";
import { db, sql } from "#lib/machine/db";
import { checkRelay } from "#lib/returns/mailbox/check";
import { pollMailboxes } from "#lib/returns/mailbox/poll";
import { type AuthorizationServer, client, startAuthorizationServer } from "#testing/authorization-server";
import { account, type Dovecot, mailFolder, startDovecot } from "#testing/dovecot";

const home = "https://src.example";
const userId = 7;
let provider: AuthorizationServer;
let imap: Dovecot;
let received = 0;
let smtpPort = 0;

/** Google's way: 334 with the reason in base64, then 535; or 535 at once. */
let says334 = true;
const smtp = new SMTPServer({
  authMethods: ["XOAUTH2"],
  allowInsecureAuth: true,
  disabledCommands: ["STARTTLS"],
  disableReverseLookup: true,
  onAuth: ({ username, accessToken }, _, done) => {
    if (username === account.username && provider.accessTokens.has(accessToken ?? ""))
      return done(null, { user: username });
    if (says334) return done(null, { data: { status: "400", schemes: "Bearer" } });
    done(Object.assign(new Error("5.7.8 Username and Password not accepted"), { responseCode: 535 }));
  },
  onData: (stream, _, done) => {
    received++;
    stream.resume().on("end", () => done(null, "2.0.0 OK"));
  },
});

before(async () => {
  provider = await startAuthorizationServer(account.username);
  await sql`insert into users (id, email, name, role) values (${userId}, 'ada@src.example', 'Ada', 'administrator')`;
  imap = await startDovecot({ introspection: `${provider.url}/introspect` });
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  smtpPort = (smtp.server.address() as AddressInfo).port;
});
after(async () => {
  await imap.stop();
  await provider.close();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

let id = 0;
beforeEach(async () => {
  Object.assign(provider, { lifetime: 3_600, delay: 0, broken: null });
  says334 = true;
  await sql`delete from notices`;
  await sql`update relays set archived_at = now() where kind = 'smtp'`;
  const made = await createRelay(form(), null);
  id = made.ok ? made.id : 0;
  // Its account was tested before; what comes of one that was not is in mutations.test.ts.
  await sql`update relays set tested_at = now(), tried_at = now() where id = ${id}`;
});

const form = (over: Record<string, string> = {}) =>
  relayInput.parse({
    name: "Alias",
    host: "127.0.0.1",
    port: String(smtpPort),
    security: "none",
    username: account.username,
    maxConnections: "2",
    imapHost: "127.0.0.1",
    imapPort: String(imap.port),
    imapSecurity: "none",
    imapUsername: account.username,
    imapFolder: mailFolder,
    login: "oauth",
    oauthClientId: client.id,
    oauthClientSecret: client.secret,
    oauthAuthorizeUrl: `${provider.url}/authorize`,
    oauthTokenUrl: `${provider.url}/token`,
    oauthScope: "mail",
    oauthPrivate: "true",
    ...over,
  });

const relay = () => db.relay.findUniqueOrThrow({ where: { id }, include: { oauth: true } });
const notices = () => db.notice.findMany({ select: { kind: true, data: true } });
const expire = () =>
  sql`update relay_oauth set expires_at = now() - interval '1 second' where relay_id = ${id}`;
const login = async () => {
  const token = await findTokenLogin(id);
  assert.ok(token);
  return token;
};
const begin = async () => {
  const begun = await beginAuthorization(id, userId, home);
  assert.ok(begun.ok);
  return begun.url;
};
/** Agrees, comes back and confirms. */
async function connect() {
  const back = provider.agree(await begin()).searchParams;
  const told = { state: back.get("state") ?? "", code: back.get("code") ?? "" };
  const done = await finishAuthorization(told, userId, home);
  provider.asked.length = 0;
  return { told, done };
}
const send = async () => {
  const opened = await openConnection(await getRelayAccess(id));
  if ("kind" in opened) return opened;
  const [outcome] = await opened.send(
    "a@b.example",
    ["c@d.example"],
    inOnePiece(Buffer.from("Subject: x\r\n\r\nx\r\n")),
    () => true,
  );
  opened.close();
  assert.ok(outcome);
  return outcome;
};

test("a relay by token waits for its owner's agreement, then sends and reads with it", async () => {
  assert.equal((await relay()).pauseReason, "not-connected");
  assert.deepEqual(await checkRelay(id, "smtp", null), { ok: false, reason: "not-connected" });
  const { done } = await connect();
  assert.deepEqual(done, { ok: true, relayId: id });
  const { pausedUntil, oauth } = await relay();
  assert.equal(pausedUntil, null);
  assert.ok(oauth?.connectedAt);
  const stored = Buffer.concat(
    [oauth.sealedAccessToken ?? [], oauth.sealedRefreshToken ?? []].map((b) => Buffer.from(b)),
  );
  for (const token of [...provider.accessTokens, ...provider.refreshTokens])
    assert.ok(!stored.includes(token));

  assert.equal((await send()).kind, "accepted");
  assert.deepEqual(await checkRelay(id, "smtp", null), { ok: true });
  assert.deepEqual(await checkRelay(id, "imap", null), { ok: true });
  await imap.append(Buffer.from("From: a@b.example\r\nMessage-ID: <1@b.example>\r\n\r\nBonjour\r\n"));
  assert.equal(await pollMailboxes(), 1, "Dovecot took the token");
  assert.deepEqual(provider.asked, [], "one token did for all");
});

test("a connected account that was never tested waits for its test", async () => {
  await sql`update relays set tested_at = null, tried_at = null where id = ${id}`;
  await connect();
  assert.equal((await relay()).pauseReason, "not-tested");
  assert.ok((await checkRelay(id, "smtp", null)).ok);
  const { pausedUntil, pauseReason } = await relay();
  assert.deepEqual([pausedUntil, pauseReason], [null, null]);
});

test("an authorization is for one person, once, and cannot be forged", async () => {
  const back = provider.agree(await begin()).searchParams;
  const told = { state: back.get("state") ?? "", code: back.get("code") ?? "" };
  assert.equal((await findAuthorization(told.state, userId))?.id, id);
  assert.equal(await findAuthorization(told.state, userId + 1), null);
  const stale = { ok: false, reason: "stale" };
  assert.deepEqual(await finishAuthorization(told, userId + 1, home), stale);
  assert.deepEqual(
    await finishAuthorization({ ...told, state: told.state.replace(/.$/, "!") }, userId, home),
    stale,
  );
  const other = told.state.replace(/^\w+/, (id + 1).toString(36));
  assert.deepEqual(await finishAuthorization({ ...told, state: other }, userId, home), stale);
  const twice = await Promise.all([1, 2].map(() => finishAuthorization(told, userId, home)));
  assert.deepEqual(twice.map(({ ok }) => ok).sort(), [false, true]);
});

test("a code intercepted elsewhere is worth nothing without our verifier", async () => {
  const url = new URL(await begin());
  assert.equal(url.searchParams.get("code_challenge_method"), "S256");
  url.searchParams.set("code_challenge", "x".repeat(43));
  const back = provider.agree(url.href).searchParams;
  const told = { state: back.get("state") ?? "", code: back.get("code") ?? "" };
  assert.deepEqual(await finishAuthorization(told, userId, home), { ok: false, reason: "codeRefused" });
});

test("workers that ask together renew once, in this process and in others", async () => {
  await connect();
  await expire();
  provider.delay = 300;
  const program = `
    const { findTokenLogin } = await import("#lib/letters/relays/oauth");
    const tokens = await Promise.all([1, 2, 3].map(() => findTokenLogin(${id})));
    process.stdout.write(tokens.map((token) => token.accessToken).join(" "), () => process.exit());`;
  const worker = () => promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  const answers = await Promise.all([worker(), worker()]);
  const tokens = answers.flatMap(({ stdout }) => stdout.split(" "));
  tokens.push((await login()).accessToken);
  assert.equal(tokens.length, 7);
  assert.equal(new Set(tokens).size, 1);
  assert.deepEqual(provider.asked, ["refresh_token"]);
});

for (const google of [true, false])
  test(`a token the server refuses before its end is renewed once (${google ? "334" : "535"})`, async () => {
    await connect();
    says334 = google;
    provider.accessTokens.clear();
    const count = received;
    assert.equal((await send()).kind, "accepted");
    assert.equal(received, count + 1);
    assert.deepEqual(provider.asked, ["refresh_token"]);
    provider.accessTokens.clear();
    assert.deepEqual(await checkRelay(id, "imap", null), { ok: true }, "and by the reader of the mailbox");
    assert.deepEqual(provider.asked, ["refresh_token", "refresh_token"]);
  });

test("a withdrawn access pauses the relay with its reason, says it once, and reconnecting resumes", async () => {
  await connect();
  provider.revoke();
  assert.equal((await send()).kind, "lost");
  await assert.rejects(send, AccessFault);
  const paused = await relay();
  assert.equal(paused.pauseReason, "access-revoked");
  assert.equal(paused.pausedUntil, null, "until somebody connects it again");
  assert.deepEqual(
    (await notices()).map(({ kind }) => kind),
    ["relayPaused"],
  );
  assert.deepEqual(provider.asked, ["refresh_token"], "and the provider is asked no more");
  await connect();
  assert.equal((await relay()).pauseReason, null);
  assert.equal((await send()).kind, "accepted");
});

test("a server that refuses even a fresh token means the same", async () => {
  await connect();
  const { port } = smtp.server.address() as AddressInfo;
  await updateRelay(id, form({ port: String(port) }), null);
  const refuse = smtp.onAuth;
  smtp.onAuth = (_, __, done) => done(Object.assign(new Error("5.7.8 no"), { responseCode: 535 }));
  const outcome = await send();
  smtp.onAuth = refuse;
  assert.deepEqual([outcome.kind, "code" in outcome && outcome.code], ["refused", 535]);
  assert.equal((await relay()).pauseReason, "access-revoked");
  assert.deepEqual(provider.asked, ["refresh_token"]);
});

test("a token refused with no other to be had loses no message: nothing was announced to the server", async () => {
  await connect();
  const access = await getRelayAccess(id);
  provider.revoke();
  const outcome = await openConnection(access);
  assert.deepEqual(outcome, { kind: "lost", begun: false, stage: "login", reply: "no access token" });
  assert.equal((await relay()).pauseReason, "access-revoked");
});

test("a silent authorization server is a short rest, not a withdrawal", async () => {
  await connect();
  await expire();
  provider.broken = 503;
  await assert.rejects(send, { reason: "token-unavailable" });
  const paused = await relay();
  assert.equal(paused.pauseReason, "token-unavailable");
  assert.ok((paused.pausedUntil?.getTime() ?? 0) < Date.now() + 120_000);
  assert.equal(paused.oauth?.revokedAt, null);
  assert.deepEqual(await notices(), []);
  provider.broken = null;
  assert.ok((await login()).accessToken, "the next try succeeds without anybody");
});

test("a private token endpoint is not asked unless the administrator allowed it", async () => {
  await connect();
  await expire();
  await sql`update relay_oauth set allow_private = false where relay_id = ${id}`;
  await assert.rejects(login, { reason: "token-unavailable" });
  for (const url of [
    "https://127.0.0.1:1/token",
    "https://localhost:1/token",
    "https://[::ffff:10.0.0.1]/token",
  ]) {
    await sql`update relay_oauth set token_url = ${url} where relay_id = ${id}`;
    await assert.rejects(login, { reason: "token-unavailable" }, url);
  }
  assert.deepEqual(provider.asked, []);
});

test("another account or client must agree anew; a password ends the tokens", async () => {
  await connect();
  await updateRelay(id, form({ name: "Autre nom", oauthClientSecret: "" }), null);
  assert.ok((await relay()).oauth?.sealedRefreshToken, "a name is not an account");
  await updateRelay(id, form({ username: "autre" }), null);
  const moved = await relay();
  assert.equal(moved.oauth?.sealedRefreshToken, null);
  assert.equal(moved.pauseReason, "not-connected");
  await updateRelay(id, form({ login: "password", password: "secret" }), null);
  const plain = await relay();
  assert.deepEqual([plain.oauth, plain.pauseReason], [null, "not-tested"]);
});

test("each of what a token is for, changed alone, ends it; a pause by people stays theirs", async () => {
  const others: Record<string, string>[] = [
    { oauthClientId: "autre" },
    { oauthTokenUrl: `${provider.url}/token?autre` },
    { oauthScope: "mail autre" },
  ];
  for (const over of others) {
    await updateRelay(id, form(), null);
    await connect();
    assert.ok((await relay()).oauth?.sealedRefreshToken);
    await updateRelay(id, form(over), null);
    const { oauth, pauseReason } = await relay();
    assert.deepEqual([oauth?.sealedRefreshToken, pauseReason], [null, "not-connected"], JSON.stringify(over));
  }
  await pauseRelay(id, null);
  await updateRelay(id, form(), null);
  assert.equal((await relay()).pauseReason, "staff");
});
