/** The letters of the three months before, and how they fared. */
import type { ContactKind } from "#db/enums";
import type { DraftInput } from "#lib/letters/campaigns/schema";

export type PastLetter = {
  name: string;
  model: "src" | "4media" | "taxe";
  /** Sent that many days before the demonstration, at nine in the morning of Paris or so. */
  daysAgo: number;
  /** The segment it was sent to, and the kinds that belong to it. */
  segment: string;
  kinds: ContactKind[];
  subject: string;
  preheader: string;
  issue: string;
  blocks: DraftInput["blocks"];
  /** Shares of its readers. */
  fate: {
    failed: number;
    hard: number;
    soft: number;
    replied: number;
    unsubscribed: number;
    clicked: number;
  };
};

const alumni: ContactKind[] = ["former_src", "former_pub", "student_src", "student_pub"];
const students: ContactKind[] = [
  "student_src",
  "student_pub",
  "guest_lecturer",
  "associate_lecturer",
  "staff",
];
const companies: ContactKind[] = ["professional"];
const noPicture = { src: "", alt: "", decorative: false };
const noLink = { label: "", url: "" };

const hello = (text: string): DraftInput["blocks"][number] => ({
  id: "bonjour",
  type: "text",
  markdown: `Bonjour {{ contact.firstName | default: "à toutes et à tous" }},\n\n${text}`,
});
const article = (
  id: string,
  title: string,
  markdown: string,
  label = "",
  url = "",
): DraftInput["blocks"][number] => ({
  id,
  type: "article",
  title,
  image: noPicture,
  markdown,
  link: label ? { label, url } : noLink,
});

export const pastLetters: PastLetter[] = [
  {
    name: "Lettre SRC n° 40, rentrée",
    model: "src",
    daysAgo: 75,
    segment: "Anciens et étudiants",
    kinds: alumni,
    subject: "C’est la rentrée, et les studios sont en travaux",
    preheader: "Deux cent soixante étudiants, trois nouveaux intervenants, un plateau à refaire.",
    issue: "N° 40 · Septembre",
    blocks: [
      hello(
        "La rentrée est faite. Le plateau ferme jusqu’en novembre : on vous raconte pourquoi, et ce qu’on en attend.",
      ),
      article(
        "plateau",
        "Un plateau neuf pour l’hiver",
        "Lumières, sol, régie : tout change. Les équipes tournent dehors en attendant.",
        "Suivre le chantier",
        "https://src.example/chantier",
      ),
      article(
        "annuaire",
        "L’annuaire des anciens reprend vie",
        "Vérifiez votre fiche : elle sert aux stages, aux jurys et aux retrouvailles.",
        "Voir ma fiche",
        "https://src.example/annuaire",
      ),
    ],
    fate: { failed: 0.006, hard: 0.012, soft: 0.008, replied: 0.021, unsubscribed: 0.007, clicked: 0.16 },
  },
  {
    name: "4média n° 13",
    model: "4media",
    daysAgo: 62,
    segment: "Étudiants",
    kinds: students,
    subject: "4média : la ville la nuit",
    preheader: "Huit reportages de première année.",
    issue: "N° 13 · Septembre",
    blocks: [
      {
        id: "edito",
        type: "text",
        markdown: "Quatre nuits, huit équipes, une ville. Ce numéro est le premier de la promotion.",
      },
      article(
        "nuit",
        "Ceux qui travaillent quand on dort",
        "Boulangers, éclusiers, veilleurs : huit portraits sonores.",
        "Écouter",
        "https://4media.example/nuit",
      ),
    ],
    fate: { failed: 0, hard: 0.004, soft: 0.011, replied: 0.03, unsubscribed: 0.004, clicked: 0.31 },
  },
  {
    name: "Taxe d’apprentissage, première information",
    model: "taxe",
    daysAgo: 48,
    segment: "Professionnels et entreprises",
    kinds: companies,
    subject: "Votre taxe d’apprentissage peut équiper nos studios",
    preheader: "Ce que finance votre solde, et comment nous le destiner.",
    issue: "",
    blocks: [
      {
        id: "intro",
        type: "text",
        markdown:
          'Madame, Monsieur,\n\nL’an dernier, {{ organisation.name | default: "votre entreprise" }} et soixante autres ont financé nos régies. Voici ce qu’il en est.',
      },
      { id: "bouton", type: "button", label: "Ce que nous en faisons", url: "https://src.example/taxe" },
    ],
    fate: { failed: 0.008, hard: 0.016, soft: 0.008, replied: 0.062, unsubscribed: 0.016, clicked: 0.22 },
  },
  {
    name: "Lettre SRC n° 41, octobre",
    model: "src",
    daysAgo: 37,
    segment: "Anciens et étudiants",
    kinds: alumni,
    subject: "Ils ont monté leur agence à trois",
    preheader: "Un portrait, deux conférences, et des stages qui cherchent preneurs.",
    issue: "N° 41 · Octobre",
    blocks: [
      hello("Octobre ressemble à une saison de festivals : voici où nous croiser."),
      article(
        "agence",
        "Trois, une agence, un seul bureau",
        "Promotion 2014. Ils se sont rencontrés en salle de montage et n’en sont jamais vraiment sortis.",
        "Lire le portrait",
        "https://src.example/portraits/agence",
      ),
      article(
        "conferences",
        "Deux conférences ouvertes",
        "Le son à l’image, puis la photographie de presse : entrée libre.",
        "Le programme",
        "https://src.example/conferences",
      ),
    ],
    fate: { failed: 0.003, hard: 0.006, soft: 0.007, replied: 0.026, unsubscribed: 0.005, clicked: 0.19 },
  },
  {
    name: "4média n° 14",
    model: "4media",
    daysAgo: 24,
    segment: "Étudiants",
    kinds: students,
    subject: "4média : on a suivi un tournage",
    preheader: "Cinq jours sur les quais, un long métrage, deux stagiaires.",
    issue: "N° 14 · Octobre",
    blocks: [
      {
        id: "edito",
        type: "text",
        markdown: "Deux d’entre nous ont passé cinq jours sur un plateau. Carnet de bord.",
      },
      {
        id: "citation",
        type: "quote",
        markdown: "Le plus dur, c’est d’attendre la lumière.",
        author: "Malo, première année",
      },
      article(
        "tournage",
        "Cinq jours sur les quais",
        "Du repérage au dernier clap.",
        "Lire le carnet",
        "https://4media.example/tournage",
      ),
    ],
    fate: { failed: 0, hard: 0.004, soft: 0.007, replied: 0.037, unsubscribed: 0, clicked: 0.34 },
  },
  {
    name: "Taxe d’apprentissage, relance",
    model: "taxe",
    daysAgo: 13,
    segment: "Professionnels et entreprises",
    kinds: companies,
    subject: "Il reste quelques semaines pour affecter votre solde",
    preheader: "Trois gestes sur la plateforme, cinq minutes.",
    issue: "",
    blocks: [
      {
        id: "intro",
        type: "text",
        markdown: "Madame, Monsieur,\n\nLa campagne s’achève bientôt. Trois gestes suffisent.",
      },
      {
        id: "gestes",
        type: "text",
        markdown:
          "1. Connectez-vous à la plateforme.\n2. Cherchez notre établissement.\n3. Indiquez la part que vous nous destinez.",
      },
      {
        id: "bouton",
        type: "button",
        label: "Le mode d’emploi",
        url: "https://src.example/taxe/mode-d-emploi",
      },
    ],
    fate: { failed: 0, hard: 0.008, soft: 0.008, replied: 0.085, unsubscribed: 0.008, clicked: 0.27 },
  },
];
