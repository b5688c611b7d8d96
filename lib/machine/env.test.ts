import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

test("a key that was being made when its process was killed is not left lying about", () => {
  const folder = mkdtempSync(join(tmpdir(), "src-key-"));
  const read =
    "const { env } = await import('#lib/machine/env'); process.stdout.write(env.secret.toString('hex'))";
  const key = () =>
    spawnSync(process.execPath, ["--input-type=module", "-e", read], {
      env: { ...process.env, SRC_SECRET: "", SRC_DATA_DIR: folder },
      encoding: "utf8",
    }).stdout;
  try {
    const first = key();
    assert.match(first, /^[0-9a-f]{64}$/);
    for (const pid of [11, 12]) writeFileSync(join(folder, `secret.key.${pid}`), "deadbeef");
    utimesSync(join(folder, "secret.key.11"), 1, 1);
    assert.equal(key(), first);
    assert.deepEqual(readdirSync(folder), ["secret.key", "secret.key.12"], "the other may be being made");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
