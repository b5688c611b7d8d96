/** The fingerprint of the key, set down once and asked for ever after. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Client } from "pg";
import { disconnect, sql } from "#lib/machine/db";
import { requireKey } from "#lib/machine/installation/key";
import { fingerprint } from "#lib/machine/seal";

after(disconnect);

async function connected(work: (client: Client) => Promise<void>) {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await work(client).finally(() => client.end());
}

const known = async () =>
  (await sql<{ known: string }>`select key_fingerprint as known from installation`)[0]?.known;

test("the first key is set down, goes on being taken, and is never replaced", () =>
  connected(async (client) => {
    await requireKey(client);
    assert.equal(await known(), fingerprint());
    await requireKey(client);
    await sql`update installation set key_fingerprint = '0123456789abcdef'`;
    await assert.rejects(requireKey(client), /not that of this database/);
    assert.equal(await known(), "0123456789abcdef");
  }));

test("before there is a structure there is nothing to compare", () =>
  connected(async (client) => {
    await client.query("begin; alter table installation rename to elsewhere");
    await requireKey(client);
    await client.query("rollback");
  }));
