import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { env } from "#lib/machine/env";

const before = process.env.HOST;
afterEach(() => {
  if (before === undefined) delete process.env.HOST;
  else process.env.HOST = before;
});

test("this machine alone can open the application, unless an address of a network is told", () => {
  delete process.env.HOST;
  assert.equal(env.host, "127.0.0.1");
  // Some shells export the machine's name.
  for (const name of ["", "my-machine", "src.example", "0.0.0.0:80", " 0.0.0.0"]) {
    process.env.HOST = name;
    assert.equal(env.host, "127.0.0.1", name);
  }
  for (const address of ["0.0.0.0", "::", "192.0.2.7"]) {
    process.env.HOST = address;
    assert.equal(env.host, address);
  }
});
