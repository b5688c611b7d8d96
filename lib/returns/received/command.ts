import type { Judged } from "#lib/returns/received/judged";
import { abandonRejudgement, applyRejudgement, startRejudging } from "#lib/returns/received/mutations";
import { findRejudgement, listRejudged } from "#lib/returns/received/queries";
import { goOnRejudging } from "#lib/returns/received/rejudge";

const HELP = `Usage : crm bounces rejudge [--dry-run]

Relit les retours conservés avec les règles d’aujourd’hui, montre ceux dont le jugement change, puis
applique ces changements. Ce que quelqu’un a décidé ne change pas ; les plaintes et les désabonnements
non plus. L’écran « Messagerie › Rejuger » fait la même chose et sait l’annuler.

  --dry-run  montre seulement, sans rien changer
  --help     cette aide

Code de retour : 0 si tout est fait, 1 si une autre relecture est en cours, 2 si la commande est mal écrite.
`;

/** The subcommand `bounces rejudge [--dry-run]`. Prints to stdout, complains in French on stderr; exit status 0, 1 or 2. */
export async function bouncesRejudge(argv: string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) return say(HELP, 0);
  const stray = argv.find((word) => word !== "--dry-run");
  if (stray) return complain(`Option inconnue : ${stray}. Voir --help.`, 2);
  const started = await startRejudging(null);
  if (!started.ok) return complain("Une autre relecture est en cours : attendez qu’elle finisse.", 1);
  await goOnRejudging();
  await show(started.id);
  if (argv.includes("--dry-run")) {
    await abandonRejudgement(started.id);
    return say("Rien n’a été changé.\n", 0);
  }
  await applyRejudgement(started.id, null);
  await goOnRejudging();
  return say("Appliqué. L’écran « Rejuger » sait l’annuler.\n", 0);
}

async function show(id: number): Promise<void> {
  const run = await findRejudgement();
  process.stdout.write(`${run?.mails ?? 0} retours relus, ${run?.changes ?? 0} jugés autrement.\n`);
  for (let after: number | null = 0; after !== null; ) {
    const page = await listRejudged(id, after);
    for (const { receivedMail, before, after: today } of page.changes)
      process.stdout.write(`  retour ${receivedMail.id} : ${inWords(before)} → ${inWords(today)}\n`);
    after = page.next;
  }
}

/** Ids and verdicts: an address never reaches a terminal’s log. */
const inWords = ({ class: kind, proposal, backOn, verdicts }: Judged): string =>
  [
    kind,
    ...verdicts.map(({ verdict, reason, acts }) => `${verdict}/${reason}${acts ? "" : " (sans effet)"}`),
    proposal && `à décider : ${proposal}`,
    backOn && `jusqu’au ${backOn}`,
  ]
    .filter(Boolean)
    .join(", ");

function say(text: string, status: number): number {
  process.stdout.write(text);
  return status;
}

function complain(message: string, status: number): number {
  process.stderr.write(`${message}\n`);
  return status;
}
