/** `npm start` and `npm run dev`: everything, from a bare clone to an answering application. */
import { env } from "#lib/machine/env";
import { explanation } from "#lib/machine/explained";
import { applyMigrations } from "#lib/machine/migrations/apply";
import { generateClient } from "#lib/machine/supervisor/build";
import {
  guardDatabase,
  holdCopy,
  type Installation,
  openDatabase,
  startProcesses,
  stopInstallation,
} from "#lib/machine/supervisor/installation";
import { requirePort } from "#lib/machine/supervisor/port";
import { say, step } from "#lib/machine/supervisor/progress";
import { ensureBuilt, stopWithParent, untilAnswering, whereToOpen } from "#lib/machine/supervisor/ready";

const dev = process.argv.includes("--dev");
let installation: Installation | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
if (env.underNpm) stopWithParent(process.ppid, stop);

try {
  await start();
} catch (error) {
  console.error(`\n${explanation(error)}\n`);
  if (installation) await stopInstallation(installation, 2000);
  process.exit(1);
}

async function start() {
  say("\nServices Relation et Communication\n");
  // Servers of several developments share a folder, not what they build.
  if (dev && env.port !== 3000) env.distDir = `.next-dev-${env.port}`;
  generateClient();
  const opened = await step("Base de données", () => openDatabase(!dev), described);
  installation = opened;
  await requirePort(env.port);
  const url = env.databaseUrl ?? "";
  await step("Structure de la base", () => applyMigrations(url), counted);
  await holdCopy(opened);
  if (!dev) await ensureBuilt();
  startProcesses(opened, dev);
  void guardDatabase(opened, dev);
  await step("Démarrage", () => untilAnswering(opened));
  await welcome();
}

function described({ server }: Installation): string {
  return server ? ` (PostgreSQL embarqué, données dans ${server.data})` : " (DATABASE_URL)";
}

function counted(applied: string[]): string {
  return applied.length === 0 ? "" : ` : ${applied.length} mise(s) à jour`;
}

async function welcome() {
  say(`\n  ${whereToOpen()}`);
  const link = await firstAdministratorLink();
  if (link) say(`\n  Premier administrateur : ouvrez ce lien, il ne sert qu’une fois :\n  ${link}`);
  say("\n  Ctrl-C arrête tout proprement.\n");
}

async function firstAdministratorLink(): Promise<string | null> {
  // Imported late: the client they are made with may have had to be generated first.
  const { setupLink } = await import("#lib/office/users/mutations");
  const { disconnect } = await import("#lib/machine/db");
  try {
    return await setupLink(env.publicUrl);
  } finally {
    await disconnect();
  }
}

async function stop() {
  if (!installation) process.exit(130);
  // A second Ctrl-C does not wait for work under way.
  const patience = installation.stopping ? 0 : 35_000;
  if (patience) say("\n  Arrêt…");
  await stopInstallation(installation, patience);
  if (patience) say("  Arrêté. À bientôt.");
  process.exit(0);
}
