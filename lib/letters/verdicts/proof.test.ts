import assert from "node:assert/strict";
import { test } from "node:test";
import { names } from "#lib/letters/verdicts/attribution";
import { forceOf, mayReport } from "#lib/letters/verdicts/proof";

test("a verdict acts as far as it is proven", () => {
  const force = (proof: Parameters<typeof forceOf>[0], old = false, answered = false) =>
    forceOf(proof, { old, answered });
  assert.deepEqual(
    [
      force("refusal", true, true),
      force("staff", true, true),
      force("signed"),
      force("authenticated"),
      force("none"),
    ],
    ["all", "all", "all", "soft", "none"],
  );
  assert.equal(force("signed", true), "none", "the reference of an old mail has travelled");
  assert.equal(force("signed", false, true), "none", "who answered since is alive");
  assert.equal(force("authenticated", false, true), "none");
  assert.equal(force("authenticated", true), "soft");
});

test("the recipient's own domain, the relay's and its provider's other names may report", () => {
  assert.ok(mayReport("orange.example", "orange.example", []));
  assert.ok(mayReport("googlemail.com", "orange.example", ["smtp.gmail.com"]));
  assert.ok(mayReport("univ.example", "orange.example", ["smtp.univ.example"]));
  assert.ok(!mayReport("evil.example", "orange.example", ["smtp.gmail.com", "univ.example"]));
  assert.ok(!mayReport("com", "orange.example", ["smtp.gmail.com"]));
  assert.ok(!mayReport("evilgmail.com", "orange.example", ["smtp.gmail.com"]));
});

test("a verdict is his whom it names, by any of his names", () => {
  const say = (recipient: string | null, originalRecipient: string | null, alone = true) =>
    names({ recipient, originalRecipient }, "jeanne@univ.example", alone);
  assert.ok(say("Jeanne@UNIV.example", null));
  assert.ok(say("j.arrieu@gmail.example", "jeanne@univ.example"));
  assert.ok(say("jeanne@mx1.univ.example", null));
  assert.ok(say(null, null));
  assert.ok(!say(null, null, false));
  assert.ok(!say("paul@univ.example", null));
  assert.ok(!say("jeanne@gmail.example", null));
  assert.ok(!say("j.arrieu@gmail.example", null));
});
