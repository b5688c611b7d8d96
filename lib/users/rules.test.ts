import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limits, networkAddress, passwordFault, waitAfter } from "./rules.ts";

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

describe("networkAddress", () => {
  it("is the peer of the connection, whatever headers it forges", () => {
    assert.equal(networkAddress("192.0.2.1", "198.51.100.1"), "192.0.2.1");
    assert.equal(networkAddress("192.0.2.1", "127.0.0.1", ["192.0.2.10"]), "192.0.2.1");
  });

  it("is the last hop behind our own machine or a trusted proxy", () => {
    const hops = "203.0.113.9, 198.51.100.1";
    for (const peer of ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
      assert.equal(networkAddress(peer, hops), "198.51.100.1", peer);
    assert.equal(networkAddress("::ffff:192.0.2.10", hops, [" 192.0.2.10"]), "198.51.100.1");
    assert.equal(networkAddress("2001:db8::a", "2001:DB8::B", ["2001:db8::A "]), "2001:db8::b");
    assert.equal(networkAddress("127.0.0.1", undefined), "127.0.0.1");
    assert.equal(networkAddress("127.0.0.1", "198.51.100.1, rubbish"), "127.0.0.1");
  });

  it("takes IPv4 inside IPv6 for IPv4", () => {
    assert.equal(networkAddress("::ffff:192.0.2.1", undefined), "192.0.2.1");
    assert.equal(networkAddress("::1", "::FFFF:192.0.2.1"), "192.0.2.1");
  });

  it("counts all together whose connection has no address", () => {
    assert.equal(networkAddress(undefined, "198.51.100.1"), "unknown");
    assert.equal(networkAddress("", undefined), "unknown");
  });
});
