/** Databases in other encodings, on a real server, refused by each program that would write in them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Client } from "pg";
import { unfit } from "#lib/machine/postgres/fit";
import { startTestServer } from "#testing/postgres";

const folder = mkdtempSync(join(tmpdir(), "src-fit-"));
after(() => rmSync(folder, { recursive: true }));

async function ask(url: string, statement: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

for (const encoding of ["SQL_ASCII", "LATIN1"])
  test(`a database in ${encoding} is refused with the cure, and nothing is written in it`, async (t) => {
    const server = await startTestServer();
    const name = `test_${process.pid}_${encoding.toLowerCase()}`;
    await ask(
      server.url,
      `create database ${name} template template0 encoding '${encoding}' locale_provider libc locale 'C'`,
    );
    t.after(() => ask(server.url, `drop database ${name} with (force)`));
    const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
    const env = { ...process.env, DATABASE_URL: url, SRC_DATA_DIR: join(folder, encoding) };
    for (const program of ["bin/start.ts", "bin/web.ts", "bin/worker.ts", "bin/migrate.ts"]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
        env,
        encoding: "utf8",
        timeout: 60_000,
      });
      const said = `${stdout}${stderr}`;
      assert.equal(status, 1, `${program}: ${said}`);
      assert.ok(said.includes(`La base « ${name} » est en ${encoding}`), `${program}: ${said}`);
      assert.match(said, /createdb --template=template0 --encoding=UTF8/);
      assert.doesNotMatch(said, /\n {4}at /, "said in a sentence");
    }
    const there = await ask(url, "select relname from pg_class where relnamespace = 'public'::regnamespace");
    assert.deepEqual(there, []);
    assert.ok(!existsSync(join(folder, encoding, "secret.key")), "nor is a key made");
  });

test("an older server is told its version; ours and the oldest will do", () => {
  const found = { version: 15, encoding: "UTF8", name: "crm" };
  assert.equal(unfit(found), null);
  assert.equal(unfit({ ...found, version: 18 }), null);
  assert.match(unfit({ ...found, version: 14 })?.french ?? "", /version 14 ; il faut la 15/);
});
