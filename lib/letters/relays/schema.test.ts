import assert from "node:assert/strict";
import { test } from "node:test";
import { presets, relayInput } from "#lib/letters/relays/schema";
import { isLoopback } from "#lib/machine/network/loopback";

const given = {
  name: "Relais",
  host: "smtp.exemple.fr",
  port: "587",
  security: "starttls",
  username: "prof",
  maxConnections: "2",
  imapHost: "",
  imapPort: "993",
  imapSecurity: "tls",
  imapUsername: "",
  imapFolder: "INBOX",
};

/** Fields in fault, with their reasons. */
function faults(over: Record<string, string>) {
  const parsed = relayInput.safeParse({ ...given, ...over });
  return (parsed.error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

test("a password is never sent in clear, except to this machine", () => {
  assert.deepEqual(faults({}), []);
  assert.deepEqual(faults({ security: "none" }), ["security: passwordInClear"]);
  assert.deepEqual(faults({ security: "none", inClear: "yes" }), ["security: passwordInClear"]);
  assert.deepEqual(faults({ security: "none", host: "127.0.0.1" }), []);
  assert.deepEqual(faults({ imapHost: "imap.exemple.fr", imapUsername: "prof", imapSecurity: "none" }), [
    "imapSecurity: passwordInClear",
  ]);
});

test("how many connections at once is said, a limit may be left empty", () => {
  for (const maxConnections of ["", "0", "1.5", "51", "x"])
    assert.deepEqual(faults({ maxConnections }), ["maxConnections: connections"], maxConnections);
  assert.deepEqual(faults({ perHour: "", maxConnections: "50" }), []);
});

test("messages are sent in clear only when somebody says so", () => {
  assert.deepEqual(faults({ security: "none", username: "" }), ["inClear: confirmInClear"]);
  assert.deepEqual(faults({ security: "none", username: "", inClear: "yes" }), []);
});

test("a login by token says whose it is and where to get it", () => {
  assert.deepEqual(faults({ login: "oauth", username: "" }), [
    "username: required",
    "oauthClientId: required",
    "oauthScope: required",
    "oauthAuthorizeUrl: endpoint",
    "oauthTokenUrl: endpoint",
  ]);
  const client = { login: "oauth", oauthClientId: "c", oauthScope: "mail" };
  const at = (url: string) => ({ oauthAuthorizeUrl: url, oauthTokenUrl: url });
  assert.deepEqual(faults({ ...client, ...at("https://login.exemple.fr/token") }), []);
  assert.equal(faults({ ...client, ...at("http://login.exemple.fr/token"), oauthPrivate: "true" }).length, 2);
  assert.equal(faults({ ...client, ...at("http://127.0.0.1:9/token") }).length, 2);
  assert.deepEqual(faults({ ...client, ...at("http://127.0.0.1:9/token"), oauthPrivate: "true" }), []);
});

test("only this machine is this machine", () => {
  for (const host of ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1", "[::1]"])
    assert.ok(isLoopback(host), host);
  for (const host of ["127.0.0.1.exemple.fr", "10.0.0.1", "localhost.exemple.fr", "0.0.0.0", ""])
    assert.ok(!isLoopback(host), host);
});

test("every model encrypts", () => {
  for (const preset of Object.values(presets)) assert.equal(preset.security, "starttls");
});

test("what cannot be seen is taken out of what is typed or pasted", () => {
  const parsed = relayInput.parse({
    ...given,
    name: "\u202eRelais\u200b ",
    host: "smtp.\u00adexemple.fr\u2060",
  });
  assert.deepEqual([parsed.name, parsed.host], ["Relais", "smtp.exemple.fr"]);
});
