import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { MAX_BYTES } from "#lib/machine/mime/mail";
import { type Judgement, judgeMail } from "#lib/returns/bounces/judge";

const HELP = `Usage : crm bounces judge CHEMIN… [--json]

Lit des courriels revenus et dit, pour chacun, ce qu’il est et, pour chaque destinataire, ce qui
n’a pas marché et par la faute de qui. N’écrit rien dans la base.

  CHEMIN   un fichier, ou un dossier dont tous les fichiers sont lus, sous-dossiers compris
  --json   une ligne JSON par courriel :
           {"file","class","results":[{"recipient","verdict","blame","status","reason"}]}
  --help   cette aide

  class    bounce, complaint, auto-reply, reply, report, other
  verdict  hard, soft, unknown
  blame    recipient, sender, content, network, unknown

Code de retour : 0 si tout a été lu, 2 si un chemin est illisible ou la commande mal écrite.
`;

/** A path given by the user that cannot be read; the message is for the terminal. */
class UnreadablePath extends Error {}

/** The reader of our output has gone (`… | head`): nothing more to say, and no failure. */
class Hushed extends Error {}

/**
 * The subcommand `bounces judge PATH… [--json]`. `argv` is what follows these two words.
 * Prints to stdout, complains in French on stderr, returns the exit status (0 or 2).
 */
export async function bouncesJudge(argv: string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) return say(HELP, 0);
  const stray = argv.find((word) => word.startsWith("-") && word !== "--json");
  if (stray) return complain(`Option inconnue : ${stray}. Voir --help.`);
  const paths = argv.filter((word) => word !== "--json");
  if (paths.length === 0) return complain("Donnez au moins un fichier ou un dossier. Voir --help.");
  const show = argv.includes("--json") ? jsonLine : tableLines;
  try {
    for (const path of paths) {
      for await (const file of mailsUnder(path))
        await print(`${show(file, await judgeMail(await contents(file)))}\n`);
    }
    return 0;
  } catch (error) {
    if (error instanceof Hushed) return 0;
    if (error instanceof UnreadablePath) return complain(error.message);
    throw error;
  }
}

async function* mailsUnder(path: string): AsyncGenerator<string> {
  const entry = await statOrRefuse(path);
  if (!entry.isDirectory()) {
    yield path;
    return;
  }
  const names = await readdir(path, { withFileTypes: true, recursive: true }).catch((error: unknown) =>
    refuse(path, error),
  );
  const mails = names
    .filter((one) => one.isFile() && !one.name.startsWith("."))
    .map((one) => join(one.parentPath, one.name));
  yield* mails.sort();
}

async function statOrRefuse(path: string) {
  return await stat(path).catch((error: unknown) => refuse(path, error));
}

/** As much of a file as judging reads: a folder may hold mails of any size. */
async function contents(file: string): Promise<Buffer> {
  try {
    return Buffer.concat(await createReadStream(file, { end: MAX_BYTES }).toArray());
  } catch (error) {
    return refuse(file, error);
  }
}

function refuse(path: string, error: unknown): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const why = new Map([
    ["ENOENT", "ce fichier ou dossier n’existe pas"],
    ["EACCES", "la lecture n’est pas permise"],
    ["EISDIR", "c’est un dossier"],
  ]).get(code);
  throw new UnreadablePath(`Impossible de lire « ${path} » : ${why ?? `erreur ${code || "inconnue"}`}.`);
}

function jsonLine(file: string, judged: Judgement): string {
  const results = judged.results.map(({ recipient, verdict, blame, status, reason }) => ({
    recipient,
    verdict,
    blame,
    status,
    reason,
  }));
  return JSON.stringify({ file, class: judged.class, results });
}

function tableLines(file: string, judged: Judgement): string {
  const head = `${judged.class.padEnd(11)}${file}`;
  const rows = judged.results.map(
    (one) =>
      `  ${one.verdict.padEnd(9)}${one.blame.padEnd(11)}${one.reason.padEnd(23)}${one.status.padEnd(9)}${printable(one.recipient ?? "—")}`,
  );
  return [head, ...rows].join("\n");
}

/** An address comes from a stranger's mail: no control character reaches the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "�");
}

function print(text: string): Promise<void> {
  return new Promise((done, failed) => {
    const gone = () => failed(new Hushed());
    process.stdout.once("error", gone);
    process.stdout.write(text, (error) => {
      if (error) return; // "error" is emitted next, and heard above
      process.stdout.off("error", gone);
      done();
    });
  });
}

async function say(text: string, status: number): Promise<number> {
  await print(text);
  return status;
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}
