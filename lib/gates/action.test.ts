import "#testing/database";
import "next/dist/server/node-environment-baseline.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { type ActionState, action, fromForm, publicAction, theirsOf } from "#lib/gates/action";
import { inRequest, signedIn } from "#testing/request";

const form = () => {
  const typed = new FormData();
  typed.set("name", "Zoé\0");
  typed.set("password", "secret");
  return typed;
};

test("what was not expected brings the form back as typed, with a reference and nothing of the exception", async () => {
  const failing = publicAction(z.object({ name: z.string() }), async () => {
    throw new Error("duplicate key of zoe@exemple.fr");
  });
  const state = await failing(null, form());
  assert.ok(state && !state.ok && "reason" in state);
  assert.equal(state.reason, "failed");
  assert.match(String(state.params?.reference), /^[0-9a-f]{8}$/);
  assert.deepEqual(Object.keys(state.values ?? {}), ["name"]);
  assert.doesNotMatch(JSON.stringify(state), /duplicate|exemple/);
});

test("what a column cannot hold is dropped before anything reads it", async () => {
  let heard = "";
  const hearing = publicAction(z.object({ name: z.string() }), async ({ name }) => {
    heard = name;
    return { ok: false, reason: "unknown" };
  });
  await hearing(null, form());
  assert.equal(heard, "Zoé");
});

const ask = (work: (previous: ActionState, form: FormData) => Promise<ActionState>, asking = {}) =>
  inRequest(asking, () => work(null, form()));
const anyName = z.object({ name: z.string() });

test("an action works for who may, and the page draws itself anew", async () => {
  const teacher = await signedIn("teacher");
  const reader = await signedIn("reader");
  const by: number[] = [];
  const writing = action("campaigns.edit", anyName, async (_, user) => {
    by.push(user.id);
    return { ok: true };
  });
  assert.deepEqual(await ask(writing, teacher), { answer: { ok: true }, kept: [], refreshed: true });
  assert.deepEqual(by, [teacher.userId]);
  const values = { name: "Zoé\0" };
  const refusals = { signedOut: {}, forbidden: reader };
  for (const [reason, asking] of Object.entries(refusals))
    assert.deepEqual(await ask(writing, asking), {
      answer: { ok: false, reason, values },
      kept: [],
      refreshed: false,
    });
  assert.equal(by.length, 1, "nothing was done for the others");
});

test("what is no form, called by hand, is an empty one: gated, read as incomplete, and no fault of ours", async () => {
  let heard = 0;
  const writing = action("campaigns.edit", anyName, async () => {
    heard++;
    return { ok: true };
  });
  const hearing = publicAction(anyName, async () => {
    heard++;
    return { ok: true };
  });
  const administrator = await signedIn("administrator");
  for (const sent of [{ name: "Zoé\0" }, "x", null, undefined, [["name", "Zoé"]]]) {
    const call = (work: typeof hearing | typeof writing, asking = {}) =>
      inRequest(asking, () => work(null, sent as unknown as FormData)).then(({ answer }) => answer);
    const incomplete = { ok: false, fields: { name: "invalid" }, values: {} };
    assert.deepEqual(await call(hearing), incomplete);
    assert.deepEqual(await call(writing, administrator), incomplete);
    assert.deepEqual(await call(writing), { ok: false, reason: "signedOut", values: {} });
  }
  assert.equal(heard, 0);
});

test("an action that leads elsewhere goes there, and Next's own ways of leaving stay what they are", async () => {
  const leading = publicAction(anyName, async () => ({ ok: true, goTo: "/contacts/7" }));
  await assert.rejects(ask(leading), { digest: /^NEXT_REDIRECT;.*;\/contacts\/7;/ });
  const missing = publicAction(anyName, async () => {
    throw Object.assign(new Error("not found"), { digest: "NEXT_HTTP_ERROR_FALLBACK;404" });
  });
  await assert.rejects(ask(missing), { digest: "NEXT_HTTP_ERROR_FALLBACK;404" });
});

test("each wrong field gets its first sentence, ours or « invalid », and the form what was typed", async () => {
  const strict = z.object({
    name: z.string().max(2, "tooLong").regex(/^\d/, "digits"),
    city: z.string(),
    lines: z.array(z.object({ label: z.string().min(1, "users.errors.required") })),
  });
  let worked = false;
  const picky = publicAction(strict, async () => {
    worked = true;
    return { ok: true };
  });
  const { answer } = await ask(picky);
  assert.deepEqual(answer, {
    ok: false,
    fields: { name: "tooLong", city: "invalid", lines: "invalid" },
    values: { name: "Zoé\0" },
  });
  assert.deepEqual(await picky.run(null, { name: "1", city: "", lines: [{ label: "" }] }), {
    ok: false,
    fields: { "lines.0.label": "users.errors.required" },
  });
  assert.equal(worked, false);
});

test("a form is read as its schema wants it: lists where names repeat or end in [], files as they are", () => {
  const sent = new FormData();
  for (const [name, value] of [
    ["$ACTION_ID", "x"],
    ["one", "1\0"],
    ["twice", "a"],
    ["twice", "b"],
    ["list[]", "c"],
  ] as const)
    sent.append(name, value);
  const file = new File(["a"], "a.csv");
  sent.set("file", file);
  assert.deepEqual(fromForm(sent), { one: "1", twice: ["a", "b"], list: ["c"], file: sent.get("file") });
});

test("what goes back into a form is what was typed, but no secret and nothing of Next", async () => {
  const sent = form();
  for (const name of ["$ACTION_REF", "newPassword", "token", "clientSecret"]) sent.set(name, "x");
  sent.set("file", new File(["a"], "a.csv"));
  const refusing = publicAction(anyName, async () => ({ ok: false, reason: "unknown" }));
  const state = await refusing(null, sent);
  assert.deepEqual(state, { ok: false, reason: "unknown", values: { name: "Zoé\0" } });
  const silent = publicAction(anyName, async () => null);
  assert.equal(await silent(null, sent), null);
});

test("what a colleague wrote meanwhile reads as the fields would hold it", () => {
  const updatedAt = new Date("2026-11-27T08:00:00Z");
  const now = { updatedAt, name: "Zoé", phone: null, year: 0, archived: false, secret: "x" };
  assert.deepEqual(theirsOf(now, ["name", "phone", "year", "archived"], "Ada"), {
    version: "2026-11-27T08:00:00.000Z",
    at: "2026-11-27T08:00:00.000Z",
    values: { name: "Zoé", phone: "", year: "0", archived: "false" },
    by: "Ada",
  });
});
