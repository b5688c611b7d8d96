/**
 * `npm run demo`: a fictional department, then the main job for real. Options: `--reset` starts over, `--json` ends
 * with the figures on one line, `--exit` stops instead of leaving the application running.
 */
import { parseArgs } from "node:util";
import { env } from "#lib/machine/env";
import { explanation } from "#lib/machine/explained";
import { applyMigrations } from "#lib/machine/migrations/apply";
import { generateClient } from "#lib/machine/supervisor/build";
import {
  guardDatabase,
  type Installation,
  openDatabase,
  startProcesses,
  stopInstallation,
} from "#lib/machine/supervisor/installation";
import { requirePort } from "#lib/machine/supervisor/port";
import { say, step } from "#lib/machine/supervisor/progress";
import { ensureBuilt, stopWithParent, untilAnswering, whereToOpen } from "#lib/machine/supervisor/ready";

const help = `Usage : npm run demo -- [--reset] [--json] [--exit]

Invente un département, synchronise ses deux sites, envoie la lettre SRC à un millier de personnes par le bac à
sable, relève les retours, puis laisse l’application ouverte. Relancée, elle reprend où elle en était.

  --reset   recommence : efface la base, si c’est celle d’une démonstration
  --json    finit par les mêmes chiffres, en un objet JSON sur la dernière ligne
  --exit    s’arrête à la fin au lieu de laisser l’application ouverte
  --help    cette aide
`;

let installation: Installation | undefined;
let closeSites: (() => Promise<void>) | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
if (env.underNpm) stopWithParent(process.ppid, () => stop(0));

try {
  const { values } = parseArgs({
    options: {
      reset: { type: "boolean" },
      json: { type: "boolean" },
      exit: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) process.stdout.write(help);
  else await run(values);
} catch (error) {
  console.error(`\n${explanation(error)}\n`);
  await stop(1);
}

async function run({ reset, json, exit }: { reset?: boolean; json?: boolean; exit?: boolean }) {
  say("\nServices Relation et Communication · démonstration\n");
  generateClient();
  installation = await step("Base de données", () => openDatabase(true, true));
  await requirePort(env.port);
  // Imported late: the client they are made with may have had to be generated first.
  const demo = await import("#demo/main");
  if (reset) await step("Ancienne démonstration effacée", demo.forget);
  await step("Structure de la base", () => applyMigrations(env.databaseUrl ?? ""));
  const prepared = await step("Département fictif", demo.prepare);
  closeSites = prepared.close;
  await ensureBuilt();
  startProcesses(installation, false);
  void guardDatabase(installation, false);
  await step("Démarrage", () => untilAnswering(installation as Installation));
  const figures = await demo.tell(step, prepared);
  say(`\n${demo.write(figures, prepared.accounts)}\n`);
  if (!exit)
    say(
      `  ${whereToOpen()}\n\n  Ctrl-C arrête tout proprement ; npm run demo reprend, -- --reset recommence.\n`,
    );
  if (exit) await close();
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
}

async function close() {
  const { disconnect } = await import("#lib/machine/db");
  await closeSites?.();
  await disconnect();
  if (installation) await stopInstallation(installation, 35_000);
}

async function stop(status: number) {
  // A second Ctrl-C does not wait for work under way.
  if (installation?.stopping) process.exit(130);
  await close();
  process.exit(status);
}
