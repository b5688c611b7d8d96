/** `tax --input FILE`: the tax of one employer or of a list of them, by the rates that ship. Reads no database. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Computed, compute, type Refusal } from "./compute.ts";
import { lineOf } from "./lines.ts";
import { type Rates, ratesWith } from "./rates.ts";
import { sayFault, sayRefusal, sayStep } from "./say.ts";
import { employerInput } from "./schema.ts";

const HELP = `Usage : npm run -s crm -- tax --input FICHIER [--json]

Calcule la taxe d’apprentissage d’un employeur, ou d’une liste d’employeurs, sur les salaires d’une année depuis 2004.
Chaque montant vient avec ses étapes et leur texte de loi.

  --input FICHIER  un fichier JSON : un employeur, ou une liste entre crochets ; « - » pour l’entrée standard
  --json           une ligne JSON par employeur, dans l’ordre
  --help           cette aide

Un employeur, en euros (« year » est l’année des salaires) :
  {"year": 2025, "status": "company", "headcount": 600, "workStudyPercent": 1.5, "workStudyPercentBefore": 1.2,
   "cfaGifts": 3000, "establishments": [{"siret": "", "department": "33", "base": 24000000}]}
  status : company, association, mutual, teaching, public, bnc
  Au lieu de « base », l’année mois par mois, décembre précédent d’abord :
   "months": [{"month": "2024-12", "base": 9000, "apprentices": 1}]

Réponse : {"liable", "reason", "mainCents", "soldeGrossCents", "deductionCents", "soldeCents", "csaCents", "steps"} ; avant
2019, la taxe et son partage ; {"refused": "phrase"} quand l’année ou les données ne permettent pas le calcul.

Code de retour : 0 si tout a été lu, 2 si le fichier, un champ ou la commande est mal écrit.
`;

const options = {
  input: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Answer = { refused: string; badlyWritten?: true } | { computed: Computed };

/** The subcommand `tax`; `argv` is what follows the word. Returns the exit status. */
export async function tax(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options });
  if (values.help) return say(HELP);
  if (!values.input) return complain("Il faut --input FICHIER. Voir --help.");
  const text = await contents(values.input).catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== "string")
    return complain(`Impossible de lire « ${values.input} » : ${text.code ?? text.message}.`);
  const read = parse(text);
  if ("fault" in read) return complain(`« ${values.input} » ${read.fault}`);
  const rates = ratesWith();
  const answers = read.employers.map(({ value, path }) => answer(text, value, path, rates));
  await say(answers.map((one) => `${values.json ? jsonLine(one) : inWords(one)}\n`).join(""));
  const faults = answers.flatMap((one) => ("badlyWritten" in one ? one.refused : []));
  return faults.length > 0 ? complain(faults.join("\n")) : 0;
}

async function contents(path: string): Promise<string> {
  const bytes = path === "-" ? Buffer.concat(await process.stdin.toArray()) : await readFile(path);
  // Spreadsheets and Windows editors begin a file with a byte order mark.
  return bytes.toString("utf8").replace(/^\ufeff/, "");
}

function parse(text: string): { employers: { value: unknown; path: number[] }[] } | { fault: string } {
  try {
    const value: unknown = JSON.parse(text);
    return {
      employers: Array.isArray(value)
        ? value.map((one, at) => ({ value: one, path: [at] }))
        : [{ value, path: [] }],
    };
  } catch (error) {
    return { fault: `n’est pas du JSON : ${(error as Error).message}. Comparez-le à l’exemple de --help.` };
  }
}

/** Each employer stands alone: one that is badly written does not silence the others. */
function answer(text: string, value: unknown, path: number[], rates: Rates): Answer {
  const read = employerInput.safeParse(value);
  if (!read.success) {
    const faults = read.error.issues.map((issue) => {
      const field = issue.path.map(dotted).join("").replace(/^\./, "");
      const where = `Employeur ${(path[0] ?? 0) + 1}, ligne ${lineOf(text, [...path, ...issue.path])}`;
      return `${where}${field && `, « ${field} »`} : ${sayFault(issue.message, "fr")}`;
    });
    return { refused: faults.join(" "), badlyWritten: true };
  }
  for (const field of unread(value))
    process.stderr.write(
      `Employeur ${(path[0] ?? 0) + 1} : champ inconnu « ${field} », non lu. Voir --help.\n`,
    );
  const computed: Computed | Refusal = compute(read.data, rates);
  return "refused" in computed ? { refused: sayRefusal(computed, "fr") } : { computed };
}

/** A field with a typing mistake in its name would change the figures without a word. */
const unread = (value: unknown) =>
  Object.keys(value as object).filter((field) => !(field in employerInput.shape));

const dotted = (key: PropertyKey) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`);

function jsonLine(one: Answer): string {
  if ("refused" in one) return JSON.stringify({ refused: one.refused });
  const { liable, reason, amounts, steps } = one.computed;
  const cents = Object.entries(amounts).map(([name, amount]) => [name, Number(amount)]);
  const said = steps.map((step) => ({
    label: sayStep(step, "fr"),
    cents: Number(step.cents),
    source: step.source,
  }));
  return JSON.stringify({ liable, reason, ...Object.fromEntries(cents), steps: said });
}

function inWords(one: Answer): string {
  if ("refused" in one) return one.refused;
  return one.computed.steps.map((step) => `${sayStep(step, "fr")}\n    ${step.source}`).join("\n");
}

async function say(text: string): Promise<number> {
  await new Promise<void>((done) => process.stdout.write(text, () => done()));
  return 0;
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}
