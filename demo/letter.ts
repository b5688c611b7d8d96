/** The letter that the demonstration really sends. */
import type { DraftInput } from "#lib/letters/campaigns/schema";
import type { Criteria } from "#lib/people/segments/schema";

type Words = Pick<DraftInput, "subject" | "preheader" | "issue" | "signature" | "blocks">;

export const letterName = "Lettre SRC n° 42, novembre";

const noPicture = { src: "", alt: "", decorative: false };

/** `picture` is the address of the opening picture. */
export const letterWords = (picture: string): Words => ({
  subject: "Les studios rouvrent le 11 décembre : vous venez ?",
  preheader: "Une soirée pour se retrouver, dix-huit stages à pourvoir, et ce que devient la promotion 2016.",
  issue: "N° 42 · Novembre",
  signature: "Yann Tarrade, pour l’équipe du département\n05 36 49 12 20",
  blocks: [
    {
      id: "ouverture",
      type: "image",
      image: {
        src: picture,
        alt: "Le soleil se couche sur un fleuve large, un pont de pierre au loin",
        decorative: false,
      },
      caption: "",
    },
    {
      id: "bonjour",
      type: "text",
      markdown:
        'Bonjour {{ contact.firstName | default: "à toutes et à tous" }},\n\nLes travaux sont finis : le plateau a retrouvé ses lumières, la régie son et la salle de montage attendent leurs premières équipes. Voici l’hiver du département en quatre nouvelles, et une invitation.',
    },
    {
      id: "soiree",
      type: "article",
      title: "Le 11 décembre, on rallume les studios",
      image: noPicture,
      markdown:
        "Onze équipes de deuxième année montrent leurs projets devant celles et ceux qui les ont commandés : un documentaire sonore sur les quais, l’identité d’un festival, la refonte du site d’un musée.\n\n- **18 h** : visite du plateau et des régies\n- **19 h** : onze projets, quatre minutes chacun\n- **20 h 30** : on reste, on parle, on mange",
      link: { label: "Dire que je viens", url: "https://src.example/studios" },
    },
    { id: "chiffrestitre", type: "heading", text: "Ce que vous devenez" },
    {
      id: "chiffres",
      type: "figures",
      items: [
        { value: "87 %", label: "de la promotion 2016 travaille dans la communication ou l’image" },
        { value: "41", label: "d’entre vous ont fondé leur structure" },
        { value: "18", label: "stages nous sont déjà proposés pour avril" },
      ],
    },
    {
      id: "portrait",
      type: "article",
      title: "Portrait : de la régie du département à celle d’un festival",
      image: noPicture,
      markdown:
        "Sortie en 2016, Garance Delbos dirige aujourd’hui la technique d’un festival de cinéma de plein air. Elle raconte ses débuts, un orage mémorable et *ce qu’elle regarde d’abord dans une candidature*.",
      link: { label: "Lire l’entretien", url: "https://src.example/portraits/garance" },
    },
    {
      id: "citation",
      type: "quote",
      markdown: "Ce qu’on apprend ici, c’est à finir ce qu’on commence, avec les autres et à l’heure.",
      author: "Garance Delbos, promotion 2016",
    },
    {
      id: "stages",
      type: "article",
      title: "Dix-huit stages, et le vôtre ?",
      image: noPicture,
      markdown:
        'Radio, agences, collectivités, vignobles : les offres d’avril sont en ligne. Si {{ organisation.name | default: "votre structure" }} peut accueillir quelqu’un dix semaines, répondez simplement à ce message.',
      link: { label: "Voir les offres", url: "https://stages.src.example/offres" },
    },
    { id: "trait", type: "divider" },
    {
      id: "fin",
      type: "text",
      markdown:
        "Vous avez déménagé, changé de poste, d’adresse ? [Dites-le nous en deux mots](https://src.example/annuaire), ou réglez vos [préférences]({{ links.preferences }}).\n\nÀ bientôt dans les studios.",
    },
    { id: "bouton", type: "button", label: "Je m’inscris à la soirée", url: "https://src.example/studios" },
  ],
});

/** Former and present students: a little more than a thousand people. */
export const readers: { name: string; criteria: Criteria } = {
  name: "Anciens et étudiants",
  criteria: {
    match: "all",
    groups: [
      {
        match: "all",
        conditions: [{ field: "kind", in: ["former_src", "former_pub", "student_src", "student_pub"] }],
      },
    ],
  },
};

/** The other segments a department would keep. */
export const otherSegments: { name: string; criteria: Criteria }[] = [
  { name: "Étudiants", criteria: kinds("student_src", "student_pub") },
  { name: "Professionnels et entreprises", criteria: kinds("professional") },
  {
    name: "Anciens de Gironde, dix dernières promotions",
    criteria: {
      match: "all",
      groups: [
        {
          match: "all",
          conditions: [
            { field: "kind", in: ["former_src", "former_pub"] },
            { field: "graduationYear", from: new Date().getFullYear() - 10, to: null },
            { field: "postcode", prefix: "33" },
          ],
        },
      ],
    },
  },
  { name: "Équipe pédagogique", criteria: kinds("guest_lecturer", "associate_lecturer", "staff") },
];

type Kind =
  | "student_src"
  | "student_pub"
  | "professional"
  | "guest_lecturer"
  | "associate_lecturer"
  | "staff";

function kinds(...list: Kind[]): Criteria {
  return { match: "all", groups: [{ match: "all", conditions: [{ field: "kind", in: list }] }] };
}

/** What a teacher has begun and not sent. */
export const draftName = "4média n° 15, numéro de Noël";
