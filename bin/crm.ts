/** `npm run crm -- COMMAND`: what an administrator does from a terminal. Each noun owns its command.ts. */
import { disconnect } from "#lib/machine/db";
import { explanation } from "#lib/machine/explained";
import { requireMigrated } from "#lib/machine/migrations/require";
import { withDatabase } from "#lib/machine/supervisor/database";

type Run = (argv: string[]) => Promise<number>;
type Command = {
  words: string[];
  summary: string;
  load: () => Promise<Run>;
  /** `none`: it does without, or opens one by itself. */
  database: "needed" | "shown" | "none";
};

const commands: Command[] = [
  {
    words: ["user", "create"],
    summary: "créer un compte du personnel",
    load: async () => (await import("#lib/office/users/command")).userCreate,
    database: "needed",
  },
  {
    words: ["import"],
    summary: "importer un fichier XML d’anciens",
    load: async () => (await import("#lib/sites/sources/command")).importFile,
    database: "needed",
  },
  {
    words: ["bounces", "judge"],
    summary: "juger des courriels revenus (rien n’est écrit)",
    load: async () => (await import("#lib/returns/bounces/command")).bouncesJudge,
    database: "none",
  },
  {
    words: ["bounces", "rejudge"],
    summary: "relire les retours conservés avec les règles d’aujourd’hui",
    load: async () => (await import("#lib/returns/received/command")).bouncesRejudge,
    database: "needed",
  },
  {
    words: ["tax"],
    summary: "calculer la taxe d’apprentissage d’employeurs",
    load: async () => (await import("#lib/tax/rules/command")).tax,
    database: "none",
  },
  {
    words: ["contact", "erase"],
    summary: "effacer une personne et ses traces, pour toujours",
    load: async () => (await import("#lib/office/privacy/command")).contactErase,
    database: "needed",
  },
  {
    words: ["privacy", "replay"],
    summary: "refaire les effacements après une restauration",
    load: async () => (await import("#lib/office/privacy/command")).privacyReplay,
    database: "needed",
  },
  {
    words: ["backup"],
    summary: "sauvegarder la base, pendant qu’elle tourne",
    load: async () => (await import("#lib/machine/backups/command")).backup,
    database: "needed",
  },
  {
    words: ["restore"],
    summary: "rétablir une sauvegarde dans une base vide",
    load: async () => (await import("#lib/machine/backups/command")).restore,
    database: "none",
  },
  {
    words: ["drill"],
    summary: "essayer la dernière sauvegarde, à côté",
    load: async () => (await import("#lib/machine/backups/command")).runDrill,
    database: "needed",
  },
  {
    words: ["status"],
    summary: "état de l’installation : base, worker, file d’attente, pannes",
    load: async () => (await import("#lib/office/watch/command")).status,
    database: "shown",
  },
];

const argv = process.argv.slice(2);
const command = commands.find(({ words }) => words.every((word, i) => argv[i] === word));
process.exitCode = command ? await run(command, argv.slice(command.words.length)) : overview(argv);

async function run(chosen: Command, rest: string[]): Promise<number> {
  try {
    const work = await chosen.load();
    if (chosen.database === "none" || rest.includes("--help") || rest.includes("-h")) return await work(rest);
    return await withDatabase(async (url) => {
      try {
        // What only shows the state of things shows this one too.
        await requireMigrated(url).catch((error: unknown) => {
          if (chosen.database === "needed") throw error;
        });
        return await work(rest);
      } finally {
        await disconnect();
      }
    });
  } catch (error) {
    const misused = String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS");
    console.error(misused ? `${(error as Error).message}\nVoir --help.` : explanation(error));
    return misused ? 2 : 1;
  }
}

function overview(words: string[]): number {
  const asked = words.length === 0 || words.includes("--help") || words.includes("-h");
  const lines = commands.map(({ words: name, summary }) => `  ${name.join(" ").padEnd(16)} ${summary}`);
  const text = `Usage : npm run crm -- COMMANDE [options]\n\n${lines.join("\n")}\n\n  COMMANDE --help  l’aide d’une commande\n`;
  (asked ? process.stdout : process.stderr).write(
    asked ? text : `Commande inconnue : ${words.join(" ")}\n\n${text}`,
  );
  return asked ? 0 : 2;
}
