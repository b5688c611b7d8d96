import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { sql } from "#lib/machine/db";
import { foldAddress } from "#lib/machine/seal";
import { eraseContact, replayErasures } from "#lib/office/privacy/erase";
import { staffWhys } from "#lib/office/privacy/schema";

const ERASE = `Usage : crm contact erase ADRESSE --why MOTIF --yes [--json]

Efface pour toujours la personne qui a cette adresse, et ses traces partout. Cela ne se défait pas.

  --why    request (elle le demande : plus rien ne lui sera écrit) ou useless (fiche sans raison d’être)
  --yes    sans quoi rien n’est effacé : dit seulement qui le serait
  --json   répond par une ligne JSON
  --help   cette aide

Code de retour : 0 si c’est fait (ou dit), 1 si personne n’a cette adresse ou si une lettre part en ce
moment (le worker s’en chargera), 2 si la commande est mal écrite.
`;

const eraseOptions = {
  why: { type: "string" },
  yes: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** The subcommand `contact erase ADDRESS`; `argv` is what follows these words. Returns the exit status. */
export async function contactErase(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options: eraseOptions, allowPositionals: true });
  if (values.help) return say(ERASE);
  const why = staffWhys.find((one) => one === values.why);
  const [address] = positionals;
  if (!why || !address || positionals.length > 1)
    return complain("Il faut une adresse et --why request ou --why useless. Voir --help.", 2);
  const [contact] = await sql<{ id: number }>`
    select contact_id as id from email_addresses where address = ${foldAddress(address)}`;
  if (!contact) return complain("Personne n’a cette adresse.", 1);
  if (!values.yes) return say(`Le contact n° ${contact.id} serait effacé. Ajoutez --yes.\n`);
  const result = await eraseContact(contact.id, why, null);
  if (!result.ok)
    return complain("Une lettre part vers cette personne en ce moment : le worker l’effacera.", 1);
  return say(
    values.json
      ? `${JSON.stringify({ contactId: contact.id, erasure: result.id })}\n`
      : `Contact n° ${contact.id} effacé. Numéro au registre : ${result.id}\n`,
  );
}

const REPLAY = `Usage : crm privacy replay [FICHIER]

Après une restauration : efface de nouveau ceux que le journal des effacements nomme et que la sauvegarde a ramenés.
Le worker le fait aussi de lui-même, avec le journal du dossier de données.

  FICHIER  un journal gardé ailleurs ; par défaut erasures.jsonl du dossier de données
  --help   cette aide

Code de retour : 0 si c’est fait, 2 si la commande est mal écrite.
`;

/** The subcommand `privacy replay [FILE]`. */
export async function privacyReplay(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  if (values.help) return say(REPLAY);
  const [file] = positionals;
  if (positionals.length > 1 || (file && !existsSync(file)))
    return complain(file ? `« ${file} » n’existe pas.` : "Un seul fichier.", 2);
  return say(`Effacements refaits : ${await replayErasures(file)}\n`);
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(text: string, status: number): number {
  process.stderr.write(`${text}\n`);
  return status;
}
