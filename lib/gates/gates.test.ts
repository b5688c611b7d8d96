import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Role } from "#db/enums";
import { may } from "#lib/department/permissions";
import type { SessionUser } from "#lib/gates/session";
import { type Gate, listGates } from "./walk.ts";

/** Whoever adds a way in without a session adds it here, and says why. */
const publicPages = [
  "/connexion", // the way in itself
  "/mot-de-passe-oublie", // same answer for every address
  "/bienvenue/[token]", // one-time token
  "/invitation/[token]", // one-time token
  "/reinitialisation/[token]", // one-time token
  "/desabonnement/[[...token]]", // signed token
  "/preferences/[[...token]]", // signed token
  "/confidentialite", // what the law wants readable by all
  "/accessibilite", // the same
  "/mentions-legales", // the same
  "/taxe", // computes, keeps nothing
  "/taxe/soltea", // how to allocate on SOLTéA, with our UAI
  "/promesse/[[...token]]", // signed token; without one, a sentence
];
const publicActions = [
  "/#chooseTheme", // a cookie of this browser
  "/#chooseLanguage", // a cookie of this browser
  "connexion#setUp", // one-time token
  "connexion#acceptInvitation", // one-time token
  "connexion#resetPassword", // one-time token
  "connexion#forget", // same answer for every address, throttled
  "taxe#promise", // writes only to the address it is given, throttled
  "taxe#confirm", // signed token
];
/** Folders whose actions carry a signed token from a mail. */
const tokenActions = /^(desabonnement|preferences)#/;
const publicHandlers = [
  "GET /api/auth/[...nextauth]", // next-auth: sign-in, its CSRF token
  "POST /api/auth/[...nextauth]",
  "GET /api/branding/logo", // on the sign-in page and in newsletters
  "GET /api/health", // for monitors
  "GET /api/metrics", // for a monitor that shows its token
  "GET /api/unsubscribe/[token]", // signed token; only sends to the page
  "POST /api/unsubscribe/[token]", // signed token (RFC 8058)
  "GET /en-ligne/[token]", // signed token
  "GET /api/click/[campaign]/[link]", // counts a link, never a person
  "HEAD /api/click/[campaign]/[link]", // the same, without counting
  "GET /api/feed/contacts.xml", // signed by another installation, used once
  "POST /api/import/[key]", // signed by the remote site, used once
  "GET /api/import/[key]/[run]", // the same
  "GET /api/images/[name]", // pictures of newsletters, by unguessable name
  "GET /api/files/[name]", // documents that newsletters link to, the same
];

const roles: Role[] = ["administrator", "secretariat", "teacher", "reader"];
const asked = (role: Role): SessionUser => ({
  id: 0,
  name: "Nobody",
  email: "nobody@src.example",
  role,
  locale: "fr",
  sessionId: "00000000-0000-4000-8000-000000000000",
});

let gates: Gate[] = [];
const of = (kind: Gate["kind"]) => gates.filter((gate) => gate.kind === kind);

before(async () => {
  gates = await listGates();
});

describe("every way in has a gate", () => {
  it("finds the application", () => {
    for (const name of ["/users", "/settings", "/connexion"])
      assert.ok(
        gates.some((gate) => gate.name === name),
        name,
      );
  });

  it("pages of the staff begin with gate(); the others are on the list", () => {
    const missing = of("page").filter((gate) => gate.permission === undefined);
    assert.deepEqual(
      missing.map((gate) => gate.file),
      [],
    );
    const open = of("page").filter((gate) => gate.permission === null);
    assert.deepEqual(
      open.map((gate) => gate.name).filter((name) => !publicPages.includes(name)),
      [],
    );
  });

  it("actions are made by action() or publicAction(); the public ones are on the list", () => {
    const missing = of("action").filter((gate) => gate.permission === undefined);
    assert.deepEqual(
      missing.map((gate) => gate.name),
      [],
    );
    const open = of("action").filter((gate) => gate.permission === null && !tokenActions.test(gate.name));
    assert.deepEqual(
      open.map((gate) => gate.name).filter((name) => !publicActions.includes(name)),
      [],
    );
  });

  it("handlers are made by handler() or publicHandler(); the public ones are on the list", () => {
    assert.deepEqual(
      of("handler")
        .filter((gate) => gate.permission === undefined)
        .map((gate) => gate.name),
      [],
    );
    const open = of("handler")
      .filter((gate) => gate.permission === null)
      .map((gate) => gate.name);
    assert.deepEqual(
      open.filter((name) => !publicHandlers.includes(name)),
      [],
    );
  });
});

describe("each action, as each role", () => {
  it("is refused exactly where the permission table says so", async () => {
    const gated = of("action").filter((gate) => gate.permission);
    assert.ok(gated.length > 10);
    for (const gate of gated)
      for (const role of roles) {
        const expected = !may(role, gate.permission ?? "account.own");
        assert.equal(await isForbidden(gate, asked(role)), expected, `${gate.name} as ${role}`);
      }
  });

  it("is refused to people without a session", async () => {
    for (const gate of of("action").filter((action) => action.permission))
      assert.deepEqual(await gate.run?.(null, {}), { ok: false, reason: "signedOut" }, gate.name);
  });
});

/** An empty form: past the gate it is refused as incomplete, or fails for want of a request. */
async function isForbidden(gate: Gate, user: SessionUser): Promise<boolean> {
  const state = await gate.run?.(user, {}).catch(() => null);
  return Boolean(state && !state.ok && "reason" in state && state.reason === "forbidden");
}
