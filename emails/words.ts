/** The few words the models say in the letter’s own language; see footer.ts for those in the reader’s. */
export type Locale = "fr" | "en";
export type ModelKey = "src" | "4media" | "taxe";

type Words = {
  models: Record<ModelKey, string>;
  contents: string;
  about: string;
  /** Before the subject of a letter tried on a colleague, in brackets. */
  test: string;
};

export const words: Record<Locale, Words> = {
  fr: {
    models: { src: "La lettre SRC", "4media": "4média", taxe: "Taxe d’apprentissage" },
    contents: "Au sommaire",
    about: "Objet",
    test: "Essai",
  },
  en: {
    models: { src: "The SRC letter", "4media": "4média", taxe: "Apprenticeship tax" },
    contents: "In this issue",
    about: "Subject",
    test: "Test",
  },
};
