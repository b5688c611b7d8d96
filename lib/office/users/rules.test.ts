import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limits, networkOf, passwordFault, waitAfter } from "./rules.ts";

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

describe("networkOf", () => {
  it("is the address itself, or the 64 bits that one IPv6 customer has, however written", () => {
    const networks = {
      "192.0.2.1": "192.0.2.1",
      "2001:db8::1": "2001:db8:0:0::/64",
      "2001:0DB8:0:0:1::": "2001:db8:0:0::/64",
      "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
      "1::2:3:4:5:6:7": "1:0:2:3::/64",
      "::1": "0:0:0:0::/64",
    };
    for (const [address, network] of Object.entries(networks)) assert.equal(networkOf(address), network);
    assert.equal(networkOf("2001:db8:1:2:3:4:5:6", 48), "2001:db8:1::/48");
    assert.equal(networkOf("192.0.2.1", 48), "192.0.2.1");
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
    assert.equal(passwordFault("Léa ou la mer", { name: "Léa Mer" }), null, "words too short to give away");
    assert.equal(passwordFault("abcdabcdabcd"), "users.errors.passwordSimple", "four letters");
    assert.equal(passwordFault("abcdeabcdeabcde"), null);
  });
});
