import assert from "node:assert/strict";
import { test } from "node:test";
import { readNetworks } from "#lib/machine/network/networks";

test("an address is of a list by itself or by its network, in both families and however it is written", () => {
  const list = readNetworks(["192.0.2.7", "10.0.0.0/8", "2001:DB8::/32", "::1", "0.0.0.0/32"]);
  assert.ok("has" in list);
  for (const one of [
    "192.0.2.7",
    "::ffff:192.0.2.7",
    "10.255.0.1",
    "2001:db8:1::1",
    "2001:DB8::9%eth0",
    "::1",
  ])
    assert.ok(list.has(one), one);
  for (const one of [
    "192.0.2.8",
    "11.0.0.1",
    "2001:db9::1",
    "",
    "unknown",
    "localhost",
    "10.0.0.1, 192.0.2.1",
  ])
    assert.ok(!list.has(one), one);
});

test("an empty list has nobody, and a whole family can be written", () => {
  const [none, all] = [readNetworks([]), readNetworks(["0.0.0.0/0", "::/0"])];
  assert.ok("has" in none && "has" in all);
  assert.ok(!none.has("127.0.0.1"));
  assert.ok(all.has("198.51.100.1") && all.has("fd00::1") && !all.has("unknown"));
});

test("the first entry that is neither is named", () => {
  for (const wrong of [
    "localhost",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/8/9",
    "10.0.0.0/x",
    "10.0.0.0/1e1",
    "10.0.0.0/-1",
    "10.0.0",
    "2001:db8::/129",
    "10.0.0.1-10.0.0.9",
    "/8",
    "",
  ])
    assert.deepEqual(readNetworks(["10.0.0.1", wrong, "nor this"]), { unreadable: wrong });
});
