/** An installation of its own for a round of lives: its database, key, account with a mailbox, and two workers. */
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { seal } from "#lib/machine/seal";
import { account, type Dovecot, sentFolder, startDovecot } from "#testing/dovecot";
import type { Cluster } from "./cluster.ts";
import { createConduct } from "./conduct.ts";
import { type Crew, recruit } from "./crew.ts";
import { insist } from "./scene.ts";
import { type Books, type CountingServer, startServer } from "./server.ts";
import { type Mailing, pointAt, prepareMailing, type Setup } from "./setup.ts";

export const setup: Setup = {
  ...{ recipients: 800, others: 0, connections: 12, thinking: 25, security: "none", login: false },
  ...{ spare: false, drainSeconds: 60, perMinute: null, perHour: null, domain: null, pooler: false },
};
export type Stage = {
  name: string;
  url: string;
  folder: string;
  cluster: Cluster;
  crew: Crew;
  books: Books;
  server: CountingServer;
  mailing: Mailing;
  mailbox: Dovecot;
  stopped: Map<string, number>;
  wrong: string[];
};

/** `life` names its folder among the reports. */
export async function build(life: string, seed: number, cluster: Cluster, reports: string): Promise<Stage> {
  const name = `torture_life_${seed}`;
  const folder = join(reports, `seed-${seed}-${life.replaceAll(" ", "-")}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The key is the harness's; what is remembered of the database, its own.
  if (env.secret && env.keyGiven && existsSync(env.keyGiven))
    copyFileSync(env.keyGiven, join(folder, "secret.key"));
  env.dataDir = folder;
  await insist(() => cluster.dropDatabase(name));
  const url = await insist(() => cluster.createDatabase(name));
  await pointAt(url);
  const books: Books = { taken: [], refused: new Set() };
  const conduct = createConduct(seed);
  const server = await startServer({
    ...{ relay: "first", books, conduct, security: null, login: false },
    thinking: setup.thinking,
  });
  const mailbox = await startDovecot();
  await mailbox.create(sentFolder);
  const mailing = await prepareMailing(setup, [server.port, undefined]);
  const log = join(folder, "workers.log");
  const crew = recruit({
    ...{ databaseUrl: url, databasePort: cluster.port, log, authority: null, dataDir: folder },
    cache: join(reports, "compiled"),
  });
  for (let i = 0; i < 2; i++) await crew.hire();
  return { name, url, folder, cluster, crew, books, server, mailing, mailbox, stopped: new Map(), wrong: [] };
}

/** Due in an hour: it is read at the word of who lets the work go on. */
export async function giveMailbox(relay: number, { port }: Dovecot) {
  const password = Buffer.from(seal(account.password, "mailboxes.sealed_password", relay));
  await sql`
    insert into mailboxes (relay_id, host, port, security, username, sealed_password, folder, due_at)
    values (${relay}, '127.0.0.1', ${port}, 'none', ${account.username}, ${password}, 'INBOX', now() + interval '1 hour')`;
  await sql`insert into sent_folders (relay_id, due_at) values (${relay}, now() + interval '1 hour')`;
}
