import { parseArgs } from "node:util";
import { getHealth } from "./queries.ts";
import type { Health } from "./rules.ts";

const help = `Usage : crm status [--json]

Dit si la base répond, si un worker est en vie et combien de messages attendent.

  --json   une ligne JSON, la même que /api/health
  --help   cette aide

Code de retour : 0 si tout va bien, 1 sinon.
`;

/** The command `status`: prints the health, returns 0 when all is well and 1 otherwise. */
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
  console.log(values.json ? JSON.stringify(health) : inWords(health));
  return health.status === "ok" ? 0 : 1;
}

function inWords({ database, worker, queue, held }: Health): string {
  const tick = (ok: boolean) => (ok ? "✔" : "✘");
  const age = worker.heartbeatAge === null ? "jamais vu" : `vu il y a ${worker.heartbeatAge} s`;
  return [
    `${tick(database.ok)} base de données (${database.milliseconds} ms)`,
    `${tick(worker.ok)} worker : ${worker.count} en vie, ${age}`,
    `${tick(queue.ok)} file d’attente : ${queue.waiting} message(s), le plus ancien dû depuis ${queue.oldestDue} s`,
    ...(held
      ? ["✘ tout est retenu : rien ne part avant qu’un administrateur l’ait dit, page Installation"]
      : []),
  ].join("\n");
}
