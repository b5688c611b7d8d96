/**
 * Whether a connection has a session of its own. A pooler that hands sessions out by transaction (PgBouncer, Supavisor,
 * RDS Proxy) takes away our locks and prepared statements in the middle of work, and gives our settings to strangers.
 */
import { Client } from "pg";
import { Explained } from "#lib/machine/explained";

/** A pooler may happen to give the same session twice; not to two of us, in turn, this often. */
const TURNS = 5;

/** @throws Explained when it has none, with the cure. */
export async function requireSession(databaseUrl: string): Promise<void> {
  const clients = [open(databaseUrl), open(databaseUrl)] as const;
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const [one, other] = clients;
    const ours = new Set<number>();
    const theirs = new Set<number>();
    for (let turn = 0; turn < TURNS; turn++) {
      ours.add(await sessionOf(one));
      theirs.add(await sessionOf(other));
    }
    if (ours.size > 1 || theirs.size > 1 || !ours.isDisjointFrom(theirs)) throw shared();
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

function open(connectionString: string): Client {
  const client = new Client({
    connectionString,
    application_name: "src-session",
    connectionTimeoutMillis: 10_000,
  });
  client.on("error", () => {});
  return client;
}

async function sessionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}

const shared = () =>
  new Explained(
    "DATABASE_URL mène à un pooler en mode « transaction » (PgBouncer, par exemple), où nos verrous et nos requêtes préparées se perdraient en route. Donnez l’adresse directe de PostgreSQL, ou un pool en mode session (pool_mode = session). Rien n’a été modifié.",
    "DATABASE_URL leads to a pooler in transaction mode (PgBouncer, for one), where our locks and prepared statements would be lost on the way. Give PostgreSQL’s own address, or a pool in session mode (pool_mode = session). Nothing was changed.",
  );
