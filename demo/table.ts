/** The figures as a table for a terminal. */
import type { Account } from "#demo/accounts";
import type { Figures } from "#demo/figures";
import { formatNumber } from "#lib/machine/format";

type Line = [label: string, figure: number | string, note?: string];

export function writeTable(figures: Figures): string {
  const groups: [string, Line[]][] = [
    [
      "Carnet",
      [
        ["Contacts", figures.contacts],
        ["Organisations", figures.organisations],
        ["Campagnes passées", figures.pastCampaigns, `${formatNumber(figures.pastDeliveries)} messages`],
      ],
    ],
    [
      "Synchronisation du jour",
      figures.syncs.map(
        (sync): Line => [
          sync.source,
          sync.rows,
          `${sync.created} nouveaux, ${sync.updated} modifiés, ${sync.unchanged} inchangés, ${sync.rejected} refusés`,
        ],
      ),
    ],
    [
      "Lettre SRC",
      [
        ["Personnes du segment", figures.audience],
        ["Écartées au lancement", figures.excluded, "sans adresse, désabonnées ou adresse morte"],
        ["Destinataires", figures.recipients],
        ["Messages acceptés", figures.sent, `en ${formatNumber(figures.sendingSeconds)} s`],
        ["  dont différés puis acceptés", figures.postponed],
        ["Refusés par le serveur", figures.refused],
        ["Encore en attente", figures.queued],
        ["Issue inconnue", figures.unknown],
        ["Envoyés deux fois", figures.duplicates],
      ],
    ],
    [
      "Retours",
      [
        ["Retours définitifs", figures.hardBounces],
        ["Retours passagers", figures.softBounces],
        ["Retours à examiner", figures.otherBounces],
        ["Avis de retard", figures.delays],
        ["Réponses", figures.replies],
        ["Absences", figures.autoReplies],
        ["Plaintes", figures.complaints],
        ["Désabonnements en un clic", figures.unsubscribedOneClick],
        ["Désabonnements par la page", figures.unsubscribedPage],
        ["Désabonnements par courriel", figures.unsubscribedMail],
        ["Clics", figures.clicks],
      ],
    ],
  ];
  return groups.map(([title, lines]) => [`  ${title}`, ...align(lines)].join("\n")).join("\n\n");
}

function align(lines: Line[]): string[] {
  const cells = lines.map(([label, figure, note]) => ({
    label,
    figure: typeof figure === "number" ? formatNumber(figure) : figure,
    note,
  }));
  return cells.map(
    ({ label, figure, note }) => `    ${label.padEnd(32)}${figure.padStart(8)}${note ? `   ${note}` : ""}`,
  );
}

const roles = {
  administrator: "Administration",
  secretariat: "Secrétariat",
  teacher: "Enseignement",
  reader: "Lecture",
};

export function writeAccounts(accounts: Account[]): string {
  const lines = accounts.map(
    ({ role, email, password }) => `    ${roles[role].padEnd(16)}${email.padEnd(32)}${password}`,
  );
  return ["  Comptes (adresse, mot de passe)", ...lines].join("\n");
}
