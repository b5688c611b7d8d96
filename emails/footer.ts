import { wrap } from "./plain-text.ts";
import type { Locale } from "./words.ts";

/** By what right somebody is written to; see topics.legal_basis. */
export type Basis = "consent" | "public_task" | "professional";

/** What the law asks to be said under a letter, but for the reader. */
export type Why = { basis: Basis; newsletter: string; house: string };

/** What is known of the reader: his language, how he came to be subscribed, and who gave us his address. */
export type Reader = {
  locale: Locale;
  /** The last subscription's way, as subscription_events.via says; null without one. */
  via: string | null;
  /** Name of the remote site the address came from; null when none is known. */
  source: string | null;
  /** A colleague entered it here: said only when it is known. */
  typed: boolean;
};

export type FooterWords = Record<
  | "lang"
  | "reason"
  | "reasonBefore"
  | "newsletter"
  | "reasonAfter"
  | "reasonText"
  | "unsubscribe"
  | "preferences"
  | "online"
  | "privacy"
  | "colon",
  string
>;

/** Stands in a sentence for the newsletter’s name, which is in the house’s language whatever the reader’s. */
const name = "\u0000";

/** Outputs of a compiled letter that stand for its reader's footer, `{{ words.reason }}` and the like. */
export const footerOutput = (word: keyof FooterWords) => `{{ words.${word} }}`;

type Say = {
  labels: Pick<FooterWords, "unsubscribe" | "preferences" | "online" | "privacy" | "colon">;
  asked(newsletter: string): string;
  agreedThere(newsletter: string, site: string): string;
  agreedHere(newsletter: string): string;
  agreed(newsletter: string): string;
  public_task(newsletter: string, house: string): string;
  professional(newsletter: string, house: string): string;
  from(site: string): string;
  typed: string;
  unknown: string;
};

const say: Record<Locale, Say> = {
  fr: {
    labels: {
      unsubscribe: "Se désabonner",
      preferences: "Gérer mes préférences",
      online: "Lire en ligne",
      privacy: "Données personnelles",
      colon: "\u00a0:",
    },
    asked: (newsletter) => `Vous recevez «\u00a0${newsletter}\u00a0» parce que vous l’avez demandé en ligne.`,
    agreedThere: (newsletter, site) =>
      `Vous recevez «\u00a0${newsletter}\u00a0» parce que vous avez donné votre accord, transmis par ${site}.`,
    agreedHere: (newsletter) =>
      `Vous recevez «\u00a0${newsletter}\u00a0» parce que vous avez donné votre accord, noté par notre équipe.`,
    agreed: (newsletter) =>
      `Vous recevez «\u00a0${newsletter}\u00a0» parce que vous avez donné votre accord.`,
    public_task: (newsletter, house) =>
      `Vous recevez «\u00a0${newsletter}\u00a0» au titre de la mission de service public de ${house}, sans inscription de votre part\u202f; vous pouvez vous y opposer à tout moment.`,
    professional: (newsletter, house) =>
      `Vous recevez «\u00a0${newsletter}\u00a0» à titre professionnel, dans l’intérêt légitime de ${house}, sans inscription de votre part\u202f; vous pouvez vous y opposer à tout moment.`,
    from: (site) => `Votre adresse nous vient de ${site}.`,
    typed: "Votre adresse a été saisie par notre équipe.",
    unknown:
      "Votre adresse figure dans notre carnet d’adresses\u202f; pour savoir d’où elle vient, écrivez à l’adresse que donne «\u00a0Données personnelles\u00a0».",
  },
  en: {
    labels: {
      unsubscribe: "Unsubscribe",
      preferences: "Manage my preferences",
      online: "Read online",
      privacy: "Personal data",
      colon: ":",
    },
    asked: (newsletter) => `You receive “${newsletter}” because you asked for it online.`,
    agreedThere: (newsletter, site) =>
      `You receive “${newsletter}” because you gave your consent, passed on by ${site}.`,
    agreedHere: (newsletter) =>
      `You receive “${newsletter}” because you gave your consent, noted by our staff.`,
    agreed: (newsletter) => `You receive “${newsletter}” because you gave your consent.`,
    public_task: (newsletter, house) =>
      `You receive “${newsletter}” as part of the public service mission of ${house}, without having signed up; you may object at any time.`,
    professional: (newsletter, house) =>
      `You receive “${newsletter}” in your professional capacity, in the legitimate interest of ${house}, without having signed up; you may object at any time.`,
    from: (site) => `Your address comes from ${site}.`,
    typed: "Your address was entered by our staff.",
    unknown:
      "Your address is in our contact book; to know where it comes from, write to the address given under “Personal data”.",
  },
};

/**
 * The reader's true reason and the source of the address (RGPD articles 13 and 14, CPCE L34-5), in the reader's
 * language. Nobody is said to have subscribed who did not do it.
 */
export function footerWords(why: Why, reader: Reader): FooterWords {
  const words = say[reader.locale];
  const { newsletter } = why;
  const sentence = `${reasonOf({ ...why, newsletter: name }, reader, words)} ${originOf(reader, words)}`;
  const [reasonBefore = "", reasonAfter = ""] = sentence.split(name);
  const reason = `${reasonBefore}${newsletter}${reasonAfter}`;
  return {
    ...words.labels,
    lang: reader.locale,
    // Whole, for letters frozen before the name stood apart.
    reason,
    reasonBefore,
    newsletter,
    reasonAfter,
    reasonText: wrap(reason),
  };
}

function originOf({ source, typed }: Reader, words: Say): string {
  if (source !== null) return words.from(source);
  return typed ? words.typed : words.unknown;
}

function reasonOf({ basis, newsletter, house }: Why, { via, source }: Reader, words: Say): string {
  // By their own click on our pages: that holds whatever the basis.
  if (via === "page" || via === "undo") return words.asked(newsletter);
  if (basis !== "consent") return words[basis](newsletter, house);
  if (via === "import" && source !== null) return words.agreedThere(newsletter, source);
  return via === "staff" ? words.agreedHere(newsletter) : words.agreed(newsletter);
}
