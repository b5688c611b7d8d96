/** `import FILE --source KEY`: the same import as the worker's, for an administrator at a terminal. */
import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { sql } from "#lib/machine/db";
import { formatNumber } from "#lib/machine/format";
import { catalogs } from "#lib/machine/messages/catalog";
import { slices } from "#lib/people/change-sets/slices";
import { recordFile, rehearseFile, type Source } from "#lib/sites/sources/file-run";
import { limits, type RowError } from "#lib/sites/sources/format";
import { emptyReport, type Report } from "#lib/sites/sources/import";
import { FileRefused } from "#lib/sites/sources/refusal";
import type { WrittenContact } from "#lib/sites/sources/written";

const usage = `Usage : npm run crm -- import FICHIER --source CLÉ [--dry-run] [--json]

Importe un fichier XML de contacts (format : public/schemas/contacts-1.1.xsd ; la version 1.0 est lue aussi).
Un fichier refusé ne laisse rien ; un contact fautif est refusé seul, avec sa ligne.
Le fichier est gardé comme un envoi du navigateur : il se relit et s’annule dans l’écran Sources. Au-delà de 20 000
personnes il s’écrit par tranches : Ctrl-C défait celles qui sont écrites ; si la machine s’arrête, le worker finit.
Les seuils qui font attendre une décision ne valent pas ici : essayez d’abord avec --dry-run.

  --source CLÉ   la source à laquelle le fichier appartient (écran Sources)
  --dry-run      tout faire puis tout annuler, et donner les mêmes comptes
  --json         une ligne JSON au lieu du texte ; avec --dry-run, « contacts » y dit qui serait écrit :
                 {"firstName","lastName","emails","phones","organisation"} par contact créé ou modifié
  --help         cette aide

Codes de sortie : 0 importé (même si des contacts sont refusés), 1 rien n’est importé, 2 commande mal écrite.
`;

/** Returns the exit code; says everything else on standard output and error. */
export async function importFile(argv: string[], sizes = slices): Promise<number> {
  const asked = read(argv);
  if (asked === "help") return say(usage, 0);
  if (typeof asked === "string") return complain(`${asked}\n\n${usage}`, 2);
  const source = await findSource(asked.source);
  if (!source)
    return complain(
      `Aucune source « ${asked.source} ». Créez-la dans l’écran Sources, ou vérifiez la clé.`,
      2,
    );
  const size = await sizeOf(asked.file);
  if (size === null) return complain(`Le fichier « ${asked.file} » n’existe pas ou ne peut pas être lu.`, 2);
  if (size > limits.bytes)
    return print(
      asked,
      source,
      emptyReport(),
      new FileRefused("tooBig", null, { megabytes: limits.bytes / 1048576 }),
    );
  const report = emptyReport();
  try {
    const contacts = asked.dryRun ? await rehearseFile(source, asked.file, report) : [];
    if (!asked.dryRun) await recordFile(source, asked.file, report, sizes);
    return print(asked, source, report, null, contacts);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return print(asked, source, report, error);
  }
}

type Asked = { file: string; source: string; dryRun: boolean; json: boolean };

function read(argv: string[]): Asked | string {
  const options = {
    source: { type: "string" },
    "dry-run": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    const [file, ...others] = positionals;
    if (values.help) return "help";
    if (!file || others.length > 0) return "Il faut un fichier, et un seul.";
    if (!values.source) return "Il faut dire de quelle source vient le fichier : --source CLÉ.";
    return { file, source: values.source, dryRun: values["dry-run"], json: values.json };
  } catch {
    return "Une option n’est pas connue.";
  }
}

async function findSource(key: string): Promise<Source | undefined> {
  const [source] = await sql<Source>`
    select id, key, default_kind as "defaultKind", ownership, dialect from sources where key = ${key} and archived_at is null`;
  return source;
}

async function sizeOf(file: string): Promise<number | null> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? found.size : null;
}

function print(
  asked: Asked,
  source: Source,
  report: Report,
  refusal: FileRefused | null,
  contacts: WrittenContact[] = [],
): number {
  const code = refusal ? 1 : 0;
  if (asked.json)
    return say(
      `${JSON.stringify({ ...summary(asked, source, report, refusal), ...(asked.dryRun && { contacts }) })}\n`,
      code,
    );
  if (refusal) complain(`Refusé : rien n’est importé.\n${sentence(refusal)}`, 1);
  else say(`${counts(report)}${asked.dryRun ? "\nEssai : rien n’est écrit." : ""}\n`, 0);
  const hidden = report.rejected + report.notes + report.archived - report.errors.length;
  for (const error of report.errors) complain(rowSentence(error), code);
  if (hidden > 0 && report.errors.length === limits.recordedErrors)
    complain(`… et environ ${formatNumber(hidden)} autres.`, code);
  return code;
}

const summary = (
  asked: Asked,
  source: Source,
  { errors, matched: _, toWrite: __, ...counted }: Report,
  refusal: FileRefused | null,
) => ({
  ok: !refusal,
  source: source.key,
  dryRun: asked.dryRun,
  ...counted,
  ...(refusal && {
    error: { reason: refusal.reason, line: refusal.line, ...refusal.data, message: sentence(refusal) },
  }),
  errors: errors.map((error) => ({ ...error, message: rowSentence(error) })),
});

const counts = (report: Report) =>
  (
    [
      ["Contacts lus", report.rowsRead],
      ["créés", report.created],
      ["mis à jour", report.updated],
      ["inchangés", report.unchanged],
      ["archivés, laissés tels quels", report.archived],
      ["refusés", report.rejected],
      ["champs laissés de côté", report.notes],
    ] as const
  )
    .map(([label, count]) => `${label.padEnd(30)}${formatNumber(count).padStart(10)}`)
    .join("\n");

function sentence(refusal: FileRefused): string {
  const { what, cure } = catalogs.fr.sources.refusal[refusal.reason];
  return `${refusal.line ? `Ligne ${refusal.line}. ` : ""}${fill(what, refusal.data)} ${fill(cure, refusal.data)}`;
}

function rowSentence(error: RowError): string {
  const { what, cure } = catalogs.fr.sources.rowError[error.reason];
  const value = error.value ? ` (« ${error.value} »)` : "";
  return `Ligne ${error.line}, ${error.field} : ${what}${value}. ${cure}`;
}

const fill = (text: string, data: Record<string, string | number>) =>
  text.replace(/\{(\w+)\}/g, (hole, name) => String(data[name] ?? hole));

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

function complain(text: string, code: number): number {
  process.stderr.write(`${text}\n`);
  return code;
}
