import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limits, passwordFault, waitAfter } from "./rules.ts";

describe("waitAfter", () => {
  it("leaves the first tries free, then doubles from a minute up to an hour", () => {
    const waits = [0, 4, 5, 6, 7, 10, 11, 50].map((failures) => waitAfter(failures, limits.account));
    assert.deepEqual(waits, [0, 0, 60, 120, 240, 1920, 3600, 3600]);
  });

  it("gives a shared network address more tries", () => {
    assert.equal(waitAfter(19, limits.address), 0);
    assert.equal(waitAfter(20, limits.address), 60);
  });
});

describe("passwordFault", () => {
  it("wants length above all", () => {
    assert.equal(passwordFault("court"), "users.errors.passwordShort");
    assert.equal(passwordFault("onze lettre"), "users.errors.passwordShort");
    assert.equal(passwordFault("une phrase banale"), null);
    assert.equal(passwordFault("x".repeat(201)), "tooLong");
  });

  it("refuses repetitions and one's own name or address", () => {
    assert.equal(passwordFault("aaaaaaaaaaaaaa"), "users.errors.passwordSimple");
    const marie = { email: "marie.dupont@iut.example", name: "Marie Dupont" };
    assert.equal(passwordFault("MarieDupont2024", marie), "users.errors.passwordSimple");
    assert.equal(passwordFault("marie.dupont12", marie), "users.errors.passwordSimple");
    assert.equal(passwordFault("le pont de pierre", marie), null);
  });
});
