import "#testing/database";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createCipheriv, randomBytes } from "node:crypto";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { Client } from "pg";
import { sql } from "#lib/machine/db";
import { applyMigrations } from "#lib/machine/migrations/apply";
import { keyFor, type SealedColumn, seal, sealedColumns, unseal } from "#lib/machine/seal";
import { until } from "#testing/until";

const url = process.env.DATABASE_URL ?? "";
const project = join(import.meta.dirname, "../../..");

/** As the first versions sealed: no place. */
function sealOld(plain: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyFor("seal"), nonce);
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

let relay = 0;
const all = Object.keys(sealedColumns) as SealedColumn[];

/** One row a table, each secret named after its column and sealed as it once was. */
beforeEach(async () => {
  await sql`truncate contents, sources, dkim_keys restart identity cascade`;
  await sql`
    insert into contents (kind, identity_id, subject, html, text, sealed_secret)
    select 'transactional', id, '', '', '', ${sealOld("contents.sealed_secret")} from identities limit 1`;
  await sql`delete from relays where kind = 'smtp'`;
  const [row] = await sql<{ id: number }>`
    insert into relays (name, kind, host, sealed_password, sealed_imap_password)
    values ('ancien', 'smtp', 'smtp.example', ${sealOld("relays.sealed_password")}, ${sealOld("relays.sealed_imap_password")})
    returning id`;
  relay = row?.id ?? 0;
  await sql`
    insert into relay_oauth (relay_id, authorize_url, token_url, scope, client_id, sealed_client_secret, sealed_refresh_token, sealed_access_token)
    values (${relay}, '', '', '', '', ${sealOld("relay_oauth.sealed_client_secret")}, ${sealOld("relay_oauth.sealed_refresh_token")},
      ${sealOld("relay_oauth.sealed_access_token")})`;
  await sql`insert into sources (key, name, default_kind, sealed_token) values ('s', 's', 'former_src', ${sealOld("sources.sealed_token")})`;
  await sql`
    insert into dkim_keys (domain, selector, public_key, sealed_private_key)
    values ('iut.example', 's1', '', ${sealOld("dkim_keys.sealed_private_key")})`;
  await sql`update settings set secrets_bound_at = null`;
});

async function stored(column: SealedColumn): Promise<{ id: number; sealed: Buffer }> {
  const [table, field] = column.split(".");
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select ${sealedColumns[column]} as id, ${field} as sealed from ${table} where ${field} is not null`,
  );
  await client.end();
  return rows[0];
}

async function assertBound() {
  for (const column of all) {
    const { id, sealed } = await stored(column);
    assert.equal(unseal(sealed, column, id), column);
    assert.throws(() => unseal(sealed, column, id + 1), `${column} opens in another row`);
    const other = all.find((one) => one !== column) as SealedColumn;
    assert.throws(() => unseal(sealed, other, id), `${column} opens in another column`);
  }
}

test("every sealed column of the database is one that we know", async () => {
  const rows = await sql<{ column: string }>`
    select table_name || '.' || column_name as column from information_schema.columns
    where table_schema = 'public' and column_name like 'sealed%' order by 1`;
  assert.deepEqual(
    rows.map(({ column }) => column),
    all.toSorted(),
  );
});

test("an update seals every old secret for its place, once", async () => {
  await applyMigrations(url);
  await assertBound();
  const late = sealOld("plus tard");
  await sql`update sources set sealed_token = ${late}`;
  await applyMigrations(url);
  assert.deepEqual(
    (await stored("sources.sealed_token")).sealed,
    late,
    "only once: an old backup's secret cannot be slipped in",
  );
});

test("what another key sealed stays as it is, and so does what is bound already", async () => {
  const foreign = randomBytes(60);
  const bound = Buffer.from(seal("lié", "relays.sealed_imap_password", relay));
  await sql`update relays set sealed_password = ${foreign}, sealed_imap_password = ${bound} where id = ${relay}`;
  await applyMigrations(url);
  assert.deepEqual((await stored("relays.sealed_password")).sealed, foreign);
  assert.deepEqual((await stored("relays.sealed_imap_password")).sealed, bound);
});

test("killed while sealing, it has changed nothing, and the next start does it all", async () => {
  // The last table it comes to is locked: it waits there with the others done.
  const holder = new Client({ connectionString: url });
  await holder.connect();
  await holder.query("begin; lock table sources");
  const program = `import { applyMigrations } from "#lib/machine/migrations/apply"; await applyMigrations(process.argv[1]);`;
  const runner = spawn(process.execPath, ["--input-type=module", "-e", program, url], { cwd: project });
  const waiting = () => sql`
    select from pg_stat_activity where application_name = 'src-migrations' and wait_event_type = 'Lock'
      and datname = current_database()`;
  await until(async () => (await waiting()).length > 0, "it comes to the locked table");
  runner.kill("SIGKILL");
  await holder.query("commit");
  await holder.end();
  await applyMigrations(url);
  await assertBound();
});
