import type { Block } from "#emails/blocks";
import { type Brand, brandSchema } from "#emails/brand";
import type { CampaignContent } from "#emails/compile";
import type { ModelKey } from "#emails/words";

/** Believable content, for the tests and the previews of a model that nobody has filled yet. */
export const exampleBrand: Brand = brandSchema.parse({
  name: "IUT Michel de Montaigne, département Services et Réseaux de Communication",
  shortName: "Département SRC",
  logo: { src: "https://images.example/logo.png", alt: "Département SRC", width: 150 },
  primary: "#1f3a8a",
  accent: "#f4a11d",
  postalAddress: ["1 rue Jacques-Ellul", "33080 Bordeaux Cedex"],
  privacyUrl: "https://relation.example/confidentialite",
});

const article = (rank: number): Block => ({
  id: `article-${rank}`,
  type: "article",
  title: `Les projets tuteurés ouvrent leurs portes, épisode ${rank}`,
  image: {
    src: `https://images.example/atelier-${rank}.jpg`,
    alt: "Trois étudiants règlent une caméra dans le studio",
    decorative: false,
  },
  markdown: `Onze équipes, onze commanditaires réels, une soirée pour **tout montrer**. Du documentaire sonore sur les quais à la refonte du site d’une association, les étudiants présentent leur travail *devant vous*, et [répondent](https://iut.example/questions?a=1&b=2).\n\n- 18 h : visite des studios\n- 19 h : présentations et questions`,
  link: { label: `Voir le programme de l’épisode ${rank}`, url: `https://iut.example/portes/${rank}` },
});

/** One block of each kind and eight articles: as much as a newsletter should ever hold. */
export const exampleBlocks: readonly Block[] = [
  {
    id: "bonjour",
    type: "text",
    markdown: `Bonjour {{ contact.firstName | default: "à toutes et à tous" }},\n\nMerci aux **148 anciens** qui ont répondu à l’enquête.`,
  },
  ...[1, 2, 3, 4, 5, 6, 7, 8].map(article),
  { id: "titre", type: "heading", text: "Nous cherchons des intervenants" },
  {
    id: "chiffres",
    type: "figures",
    items: [
      { value: "86 %", label: "de nos diplômés en emploi ou en études à douze mois" },
      { value: "37", label: "entreprises ont accueilli nos étudiants" },
    ],
  },
  {
    id: "citation",
    type: "quote",
    markdown: "On nous demandait de **finir** nos idées.",
    author: "Samia, promotion 2014",
  },
  {
    id: "image",
    type: "image",
    image: { src: "https://images.example/cour.png", alt: "", decorative: true },
    caption: "La cour de l’IUT, en mai.",
  },
  { id: "trait", type: "divider" },
  { id: "bouton", type: "button", label: "Proposer une intervention", url: "https://iut.example/intervenir" },
];

export function exampleCampaign(model: ModelKey, blocks: readonly Block[] = exampleBlocks): CampaignContent {
  return {
    model,
    brand: exampleBrand,
    locale: "fr",
    subject: "Onze projets, une soirée, et vous",
    preheader: "La soirée des projets tuteurés a lieu le 12 décembre.",
    issue: "Décembre 2026",
    signature: ["Claire Dumas", "Responsable des relations extérieures"],
    blocks,
  };
}
