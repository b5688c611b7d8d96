/** What a new draft holds, so that nobody starts from a blank page. Content, to be written over. */
import type { ModelKey } from "#emails/words";
import type { DraftBlock } from "#lib/letters/campaigns/schema";

type Starter = { preheader: string; issue: string; signature: string; blocks: DraftBlock[] };

const samples = new Set<string>();

/** A text that only shows what belongs there: sent as it is, it would be nonsense. */
function sample(text: string): string {
  samples.add(text);
  return text;
}

const noPicture = { src: "", alt: "", decorative: false };
const noLink = { label: "", url: "" };

const starters: Record<ModelKey, () => Starter> = {
  src: () => ({
    preheader: "",
    issue: "",
    signature: "",
    blocks: [
      {
        id: "b1",
        type: "text",
        markdown:
          'Bonjour {{ contact.firstName | default: "à toutes et à tous" }},\n\nVoici les nouvelles du département et de celles et ceux qui en sont sortis.',
      },
      {
        id: "b2",
        type: "article",
        title: sample("Titre de l’article"),
        image: noPicture,
        markdown: sample("Deux ou trois phrases qui donnent envie d’aller plus loin."),
        link: noLink,
      },
      { id: "b3", type: "divider" },
      { id: "b4", type: "text", markdown: "À bientôt,\nl’équipe du département" },
    ],
  }),
  "4media": () => ({
    preheader: "",
    issue: "",
    signature: "",
    blocks: [
      { id: "b1", type: "text", markdown: sample("L’éditorial de la rédaction, en quelques lignes.") },
      {
        id: "b2",
        type: "article",
        title: sample("Le sujet du mois"),
        image: noPicture,
        markdown: sample("Le début de l’article : qui, quoi, et pourquoi maintenant."),
        link: noLink,
      },
      {
        id: "b3",
        type: "quote",
        markdown: sample("Une phrase relevée dans l’entretien du mois."),
        author: "",
      },
      {
        id: "b4",
        type: "article",
        title: "À voir, à lire, à écouter",
        image: noPicture,
        markdown: sample("- une exposition\n- un livre\n- un podcast"),
        link: noLink,
      },
    ],
  }),
  taxe: () => ({
    preheader: "",
    issue: "",
    signature: "",
    blocks: [
      {
        id: "b1",
        type: "text",
        markdown:
          'Madame, Monsieur,\n\nChaque année, {{ organisation.name | default: "votre entreprise" }} choisit à qui va le solde de sa taxe d’apprentissage. En l’affectant au département, vous équipez celles et ceux que vous recruterez demain.',
      },
      { id: "b2", type: "heading", text: "Comment faire" },
      {
        id: "b3",
        type: "text",
        markdown:
          "1. Connectez-vous à la plateforme SOLTéA.\n2. Cherchez notre établissement.\n3. Indiquez la part que vous nous destinez.",
      },
      { id: "b4", type: "text", markdown: "Nous vous remercions de votre confiance." },
      // Leads its reader to /taxe, filled in with their company.
      { id: "b5", type: "button", label: "Promettre une part de notre solde", url: "{{ links.pledge }}" },
    ],
  }),
};

/** Fresh blocks each time: what is edited is a copy. */
export const starter = (model: ModelKey): Starter => starters[model]();

// All of them once, so that their samples are known.
for (const write of Object.values(starters)) write();

/** The sample a text still holds, whole or as one of its paragraphs; undefined when nothing of it is left. */
export function sampleIn(text: string): string | undefined {
  const paragraphs = [text, ...text.split(/\n{2,}/)].map(plain);
  return [...samples].find((one) => paragraphs.includes(plain(one)));
}

/** What an editor may change without anybody having written anything: spaces, apostrophes, case. */
const plain = (text: string) => text.replaceAll("’", "'").replace(/\s+/g, " ").trim().toLowerCase();
