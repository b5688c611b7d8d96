import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { publicAction } from "#lib/action";

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
