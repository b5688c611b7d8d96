import { parseArgs } from "node:util";
import { createTranslator } from "use-intl/core";
import { getHealth } from "#lib/machine/health/queries";
import type { Health } from "#lib/machine/health/rules";
import { catalogs } from "#lib/machine/messages/catalog";
import { listFaults } from "./measures.ts";
import type { Fault } from "./rules.ts";

const help = `Usage : crm status [--json]

Dit si la base répond, si un worker est en vie, combien de messages attendent, et les pannes que montre la page
Installation.

  --json   une ligne JSON : celle de /api/health, et les pannes
  --help   cette aide

Code de retour : 0 si tout va bien, 1 sinon.
`;

/** The command `status`: prints the health and the faults, returns 0 when all is well and 1 otherwise. */
export async function status(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const health = await getHealth();
  // An older structure of the database has no such measures: what is known of it is shown all the same.
  const faults = health.status === "down" ? null : await listFaults().catch(() => null);
  console.log(
    values.json ? JSON.stringify({ ...health, faults }) : [...inWords(health), ...named(faults)].join("\n"),
  );
  return health.status === "ok" && faults?.length === 0 ? 0 : 1;
}

function named(faults: Fault[] | null): string[] {
  if (!faults) return ["✘ pannes : non mesurées"];
  const t = createTranslator({ locale: "fr", messages: catalogs.fr, namespace: "installation.watch" });
  return faults.map(({ kind, who, figure }) => `✘ ${t(`${kind}.title`, { who, n: figure ?? 0 })}`);
}

function inWords({ database, worker, queue, held }: Health): string[] {
  const tick = (ok: boolean) => (ok ? "✔" : "✘");
  const age = worker.heartbeatAge === null ? "jamais vu" : `vu il y a ${worker.heartbeatAge} s`;
  return [
    `${tick(database.ok)} base de données (${database.milliseconds} ms)`,
    `${tick(worker.ok)} worker : ${worker.count} en vie, ${age}`,
    `${tick(queue.ok)} file d’attente : ${queue.waiting} message(s), le plus ancien dû depuis ${queue.oldestDue} s`,
    ...(held
      ? ["✘ tout est retenu : rien ne part avant qu’un administrateur l’ait dit, page Installation"]
      : []),
  ];
}
