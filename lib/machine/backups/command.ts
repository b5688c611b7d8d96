/** The commands `backup`, `restore` and `drill`. */
import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { env } from "#lib/machine/env";
import { Explained } from "#lib/machine/explained";
import { fingerprint } from "#lib/machine/seal";
import { withDatabase } from "#lib/machine/supervisor/database";
import { notRestored, notTaken } from "./disk.ts";
import { drill } from "./drill.ts";
import { type Header, readHeader } from "./format.ts";
import { openKey, sealKey } from "./key.ts";
import { drillBackup } from "./nightly.ts";
import { listBackups, listFoldersOutside } from "./queries.ts";
import { restoreBackup } from "./restore.ts";
import { writeBackup } from "./write.ts";

const options = {
  "without-key": { type: "boolean" },
  "passphrase-stdin": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const backupHelp = `Usage : crm backup FICHIER (--passphrase-stdin | --without-key)

Sauvegarde toute la base dans FICHIER, pendant que l’application tourne. Le fichier contient les données des personnes :
gardez-le comme tel.

  --passphrase-stdin  scelle aussi la clé de l’installation par la phrase secrète lue sur l’entrée standard
                      (ou dans SRC_BACKUP_PASSPHRASE) ; 12 caractères au moins
  --without-key       sans la clé : gardez vous-même .data/secret.key, ailleurs. Sans elle, les mots de passe des
                      relais et la liste d’opposition d’une sauvegarde ne servent plus à rien
  --help              cette aide
`;

/** Returns the exit status, as all commands do. */
export async function backup(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const [file] = positionals;
  if (values.help || !file) return usage(backupHelp, values.help);
  const passphrase = values["without-key"] ? "" : await readPassphrase(values["passphrase-stdin"]);
  if (!passphrase && !values["without-key"])
    throw new Explained(
      "Avec ou sans la clé ? --passphrase-stdin la scelle par une phrase secrète ; --without-key la laisse : à vous de garder .data/secret.key.",
      "With or without the key? --passphrase-stdin seals it by a passphrase; --without-key leaves it: keep .data/secret.key yourself.",
    );
  const path = resolve(file);
  if (fs.existsSync(path)) throw new Explained(`${path} existe déjà.`, `${path} exists already.`);
  const startedAt = performance.now();
  const { tables, rows, bytes } = await writeBackup(
    env.databaseUrl ?? "",
    path,
    passphrase ? sealKey(passphrase) : null,
  ).catch((error: unknown) => {
    throw notTaken(error, path);
  });
  console.log(
    `✔ ${path} : ${tables} tables, ${rows} lignes, ${megabytes(bytes)} Mo, en ${seconds(startedAt)} s${passphrase ? ", clé scellée" : ", sans la clé"}`,
  );
  const outside = await listFoldersOutside();
  console.log(
    outside.length === 0
      ? "  Les pièces jointes des lettres y sont."
      : `  Les pièces jointes rangées dans ${outside.join(", ")} n’y sont pas : copiez ce dossier aussi.`,
  );
  return 0;
}

const restoreHelp = `Usage : crm restore FICHIER [--passphrase-stdin]

Rétablit une sauvegarde dans une base vide (un dossier .data neuf, ou DATABASE_URL), la compare ligne à ligne à ce que
dit le fichier, et retient tout : rien ne part avant qu’un administrateur l’ait dit, page Installation.

  --passphrase-stdin  la phrase secrète qui scelle la clé (ou SRC_BACKUP_PASSPHRASE). Inutile si secret.key est là
  --help              cette aide
`;

/** As `backup`. */
export async function restore(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const [file] = positionals;
  if (values.help || !file) return usage(restoreHelp, values.help);
  try {
    return await putBack(resolve(file), () => readPassphrase(values["passphrase-stdin"]));
  } catch (error) {
    throw await notRestored(error);
  }
}

async function putBack(path: string, passphrase: () => Promise<string>): Promise<number> {
  const header = await readHeader(path);
  // Before there is a database: whoever mistypes a phrase finds the place as it was.
  await putKeyBack(header, passphrase);
  const startedAt = performance.now();
  const { tables, rows } = await withDatabase((url) => restoreBackup(url, path, header));
  console.log(
    `✔ Sauvegarde du ${new Date(header.at).toLocaleString("fr-FR", { timeZone: "Europe/Paris" })} rétablie et vérifiée : ${tables} tables, ${rows} lignes, en ${seconds(startedAt)} s`,
  );
  console.log(
    "  Rien ne partira avant qu’un administrateur l’ait dit : npm start, puis la page Installation.",
  );
  return 0;
}

/** The key that is here, if it is the backup's; else the sealed one, written where there is none. @throws Explained with the cure. */
async function putKeyBack({ keyFingerprint, key }: Header, passphrase: () => Promise<string>): Promise<void> {
  const path = join(env.dataDir, "secret.key");
  if (env.keyGiven) {
    if (fingerprint() !== keyFingerprint) throw otherKey(env.keyGiven);
    return;
  }
  if (!key)
    throw new Explained(
      `Cette sauvegarde a été faite sans la clé : remettez d’abord votre copie de secret.key dans ${path}.`,
      `This backup was made without the key: first put your copy of secret.key at ${path}.`,
    );
  const given = await passphrase();
  if (!given)
    throw new Explained(
      "Cette sauvegarde contient la clé, scellée : donnez la phrase secrète avec --passphrase-stdin.",
      "This backup has the key, sealed: give the passphrase with --passphrase-stdin.",
    );
  const secret = openKey(key, given);
  fs.mkdirSync(dirname(path), { recursive: true, mode: 0o711 });
  writeWhole(path, secret.toString("hex"));
  if (fingerprint() !== keyFingerprint) throw otherKey(path);
}

/**
 * On a full disk an empty key would be left, which is worse than none. @throws when one came there while the phrase was
 * being typed: a key is never replaced.
 */
function writeWhole(path: string, text: string) {
  const draft = `${path}.part`;
  try {
    fs.writeFileSync(draft, text, { mode: 0o600 });
    fs.linkSync(draft, path);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

const otherKey = (where: string) =>
  new Explained(
    `La clé qui est là (${where}) n’est pas celle de cette sauvegarde. Mettez-la de côté, ou remettez la bonne ; rien n’a été écrit.`,
    `The key that is here (${where}) is not that of this backup. Put it aside, or put the right one back; nothing was written.`,
  );

const drillHelp = `Usage : crm drill [FICHIER]

Exercice : rétablit la dernière sauvegarde (ou FICHIER) dans une base à côté, compare les comptes et les sommes de
chaque table, le dit, et jette cette base. L’installation n’est pas touchée.
`;

/** As `backup`. */
export async function runDrill(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  if (values.help) return usage(drillHelp, true);
  const [named] = positionals;
  const last = named ? null : (await listBackups()).find(({ finishedAt }) => finishedAt);
  const file = named ?? last?.file;
  if (!file)
    throw new Explained(
      "Aucune sauvegarde à essayer : crm backup FICHIER en fait une.",
      "No backup to try: crm backup FILE takes one.",
    );
  const startedAt = performance.now();
  const { tables, rows } = await (last
    ? drillBackup(last.id, last.file)
    : drill(env.databaseUrl ?? "", resolve(file)));
  console.log(
    `✔ ${file} : rétablie à côté et comparée, ${tables} tables, ${rows} lignes identiques, en ${seconds(startedAt)} s`,
  );
  return 0;
}

async function readPassphrase(fromStdin: boolean | undefined): Promise<string> {
  return fromStdin ? (await text(process.stdin)).replace(/\r?\n$/, "") : env.backupPassphrase;
}

function usage(help: string, asked: boolean | undefined): number {
  (asked ? process.stdout : process.stderr).write(help);
  return asked ? 0 : 2;
}

const seconds = (startedAt: number) => ((performance.now() - startedAt) / 1000).toFixed(1);
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
