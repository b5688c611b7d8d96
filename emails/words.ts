/** The few words the models say themselves; everything else comes from the campaign. */
export type Locale = "fr" | "en";
export type ModelKey = "src" | "4media" | "taxe";

type Words = {
  models: Record<ModelKey, string>;
  unsubscribe: string;
  preferences: string;
  online: string;
  privacy: string;
  contents: string;
  about: string;
  reason(newsletter: string): string;
};

export const words: Record<Locale, Words> = {
  fr: {
    models: { src: "La lettre SRC", "4media": "4média", taxe: "Taxe d’apprentissage" },
    unsubscribe: "Se désabonner",
    preferences: "Gérer mes préférences",
    online: "Lire en ligne",
    privacy: "Données personnelles",
    contents: "Au sommaire",
    about: "Objet",
    reason: (newsletter) =>
      `Vous recevez ce message parce que votre adresse est inscrite à «\u00a0${newsletter}\u00a0».`,
  },
  en: {
    models: { src: "The SRC letter", "4media": "4média", taxe: "Apprenticeship tax" },
    unsubscribe: "Unsubscribe",
    preferences: "Manage my preferences",
    online: "Read online",
    privacy: "Personal data",
    contents: "In this issue",
    about: "Subject",
    reason: (newsletter) => `You receive this message because your address is subscribed to “${newsletter}”.`,
  },
};
