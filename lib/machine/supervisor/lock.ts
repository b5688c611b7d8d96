/**
 * Who uses a database, told by PostgreSQL's advisory locks: they vanish with the process that held them, so
 * none is ever stale. One `npm start` per folder; and the embedded server is stopped by its last user only.
 */
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { Client } from "pg";

/** First half of every key, so as not to meet anybody else's advisory locks. */
const family = 5721;
const anyUser = 0;

export type Usage = {
  /** Resolves when the connection is lost: the server stopped or the network broke. */
  lost: Promise<void>;
  /** Gives up the locks; true when nobody else uses this database any more. */
  release: () => Promise<boolean>;
};

/** Declares a use of the database (`name` appears in pg_stat_activity). */
export async function declareUse(
  databaseUrl: string,
  name: string,
): Promise<{ client: Client; usage: Usage }> {
  const client = new Client({ connectionString: databaseUrl, application_name: name, keepAlive: true });
  const lost = new Promise<void>((resolve) => {
    client.once("end", resolve);
    // An error is always followed by the end; without a listener it would stop the process.
    client.on("error", () => resolve());
  });
  await client.connect();
  await client.query("select pg_advisory_lock_shared($1, $2)", [family, anyUser]);
  return { client, usage: { lost, release: () => release(client) } };
}

/** Takes this folder's place as its one supervisor, or says who has it (the name it declared). */
export async function becomeSupervisor(client: Client, folder: string): Promise<{ holder: string } | null> {
  const key = createHash("sha256").update(`${hostname()}:${folder}`).digest().readInt32BE();
  const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1, $2) as taken", [
    family,
    key,
  ]);
  if (rows[0]?.taken) return null;
  const holders = await client.query<{ name: string }>(
    `select application_name as name from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and classid = $1::bigint::oid and objid = $2::bigint::oid and granted`,
    // Shown unsigned there.
    [family, key >>> 0],
  );
  return { holder: holders.rows[0]?.name ?? "" };
}

async function release(client: Client): Promise<boolean> {
  try {
    await client.query("select pg_advisory_unlock_all()");
    const { rows } = await client.query<{ alone: boolean }>("select pg_try_advisory_lock($1, $2) as alone", [
      family,
      anyUser,
    ]);
    await client.end();
    return rows[0]?.alone ?? false;
  } catch {
    return false; // The server is gone already.
  }
}
