import "#testing/database";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createCipheriv, randomBytes } from "node:crypto";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { Client } from "pg";
import { sql } from "#lib/machine/db";
import { applyMigrations, readMigrations } from "#lib/machine/migrations/apply";
import { keyFor, type SealedColumn, seal, sealedColumns, unseal } from "#lib/machine/seal";
import { createTestDatabase } from "#testing/postgres";
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
    insert into relays (name, kind, host, sealed_password)
    values ('ancien', 'smtp', 'smtp.example', ${sealOld("relays.sealed_password")}) returning id`;
  relay = row?.id ?? 0;
  await sql`
    insert into mailboxes (relay_id, host, sealed_password)
    values (${relay}, 'imap.example', ${sealOld("mailboxes.sealed_password")})`;
  await sql`
    insert into relay_oauth (relay_id, authorize_url, token_url, scope, client_id, sealed_client_secret, sealed_refresh_token, sealed_access_token)
    values (${relay}, '', '', '', '', ${sealOld("relay_oauth.sealed_client_secret")}, ${sealOld("relay_oauth.sealed_refresh_token")},
      ${sealOld("relay_oauth.sealed_access_token")})`;
  await sql`insert into sources (key, name, default_kind, sealed_token) values ('s', 's', 'former_src', ${sealOld("sources.sealed_token")})`;
  await sql`insert into source_secrets (source_id, sealed_secret) select id, ${sealOld("source_secrets.sealed_secret")} from sources`;
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
  const bound = Buffer.from(seal("lié", "mailboxes.sealed_password", relay));
  await sql`update relays set sealed_password = ${foreign} where id = ${relay}`;
  await sql`update mailboxes set sealed_password = ${bound} where relay_id = ${relay}`;
  await applyMigrations(url);
  assert.deepEqual((await stored("relays.sealed_password")).sealed, foreign);
  assert.deepEqual((await stored("mailboxes.sealed_password")).sealed, bound);
});

test("killed while sealing, it has changed nothing, and the next start does it all", async () => {
  await killWhileSealing(url);
  await applyMigrations(url);
  await assertBound();
});

test("a mailbox's password of the version before opens in its new table, even after a kill", async () => {
  const database = await createTestDatabase("empty");
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const before = readMigrations().filter(({ name }) => name < "0100_mailboxes");
  await applyMigrations(database.url, before);
  const { rows } = await client.query(
    `insert into relays (name, kind, host, imap_host, imap_port, imap_username, imap_folder, sent_folder, imap_uid_validity, imap_last_uid)
     values ('Alias', 'smtp', 'smtp.example', 'imap.example', 143, 'prof', 'Retours', 'Envoyés', 7, 40),
       ('Envoi seul', 'smtp', 'smtp.example', '', 993, 'prof', 'INBOX', '', null, 0) returning id`,
  );
  const id = rows[0].id as number;
  await client.query("update relays set sealed_imap_password = $1, sealed_password = $2 where id = $3", [
    sealAt("juste", `relays.sealed_imap_password:${id}`),
    sealAt("autre", `relays.sealed_password:${id}`),
    id,
  ]);
  await killWhileSealing(database.url);
  const kept = async () => (await client.query("select * from mailboxes order by relay_id desc")).rows;
  const [moved] = await kept();
  assert.throws(() => unseal(moved.sealed_password, "mailboxes.sealed_password", id), "not sealed again yet");
  await applyMigrations(database.url);
  const [mailbox, sandbox, ...others] = await kept();
  assert.equal(unseal(mailbox.sealed_password, "mailboxes.sealed_password", id), "juste");
  const { host, port, username, folder, sent_folder, uid_validity, last_uid } = mailbox;
  assert.deepEqual(
    [host, port, username, folder, sent_folder, uid_validity, last_uid],
    ["imap.example", 143, "prof", "Retours", "Envoyés", "7", 40],
  );
  assert.equal(sandbox.host, "", "the sandbox's mailbox is read too");
  assert.deepEqual(others, [], "who only sends has none");
  const { rows: relays } = await client.query("select sealed_password from relays where id = $1", [id]);
  assert.equal(unseal(relays[0].sealed_password, "relays.sealed_password", id), "autre");
  await client.end();
  await database.drop();
});

/** As bound to a place, whatever columns there are now. */
function sealAt(plain: string, place: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyFor("sealed"), nonce).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** The last table it comes to is locked: it waits there with the others done, and dies. */
async function killWhileSealing(database: string): Promise<void> {
  const holder = new Client({ connectionString: database });
  await holder.connect();
  await holder.query("begin; lock table sources");
  const program = `import { applyMigrations } from "#lib/machine/migrations/apply"; await applyMigrations(process.argv[1]);`;
  const runner = spawn(process.execPath, ["--input-type=module", "-e", program, database], { cwd: project });
  // Not by the holder: a transaction sees what others do as it was at its first look.
  const watcher = new Client({ connectionString: database });
  await watcher.connect();
  const waits = async () =>
    (
      await watcher.query(`
        select from pg_stat_activity where application_name = 'src-migrations' and wait_event_type = 'Lock'
          and datname = current_database()`)
    ).rowCount === 1;
  await until(waits, "it comes to the locked table");
  await watcher.end();
  runner.kill("SIGKILL");
  await holder.query("commit");
  await holder.end();
}
