/** Eighty organisations that do not exist, with SIRETs whose key is right. */
import type { Chance } from "#demo/random";
import { cities, companyNames, sectors, streets } from "#demo/words";

export type Company = {
  name: string;
  siret: string;
  sector: string;
  headcount: number;
  phone: string;
  /** Under .example: reserved, leads nowhere (RFC 2606). */
  domain: string;
  street: string;
  postcode: string;
  city: string;
};

export function inventCompanies(dice: Chance): Company[] {
  const taken = new Set<string>();
  return companyNames.map((name) => {
    const place = dice.pick(cities);
    return {
      name,
      siret: siret(dice, taken),
      sector: sectorOf(name) ?? dice.pick(sectors),
      headcount: Math.round(3 * 1.9 ** dice.whole(0, 7)),
      phone: phone(dice),
      domain: `${slug(name)}.example`,
      street: `${dice.whole(1, 140)} ${dice.pick(streets)}`,
      postcode: place.postcode,
      city: place.city,
    };
  });
}

const telling: [RegExp, string][] = [
  [/Agence|Bureau|Studio|Collectif|Hop|Signal|Sémaphore/, "Agence de communication"],
  [/Radio|Télé|Cinéma|Sonore/, "Audiovisuel"],
  [/Édition|Presse|Média|Librairie/, "Édition et presse"],
  [/Imprimerie|Rotative|Papier/, "Imprimerie"],
  [/Ville|Communauté|Département|Office/, "Collectivité"],
  [/Vignoble|Domaine|Tonnellerie/, "Vin et spiritueux"],
  [/Musée|Théâtre|Orchestre|Scène|Festival|culturel/, "Culture"],
  [/Hôtel|Thermes|Voyages|Surf/, "Tourisme"],
  [/Logiciels|Données|Numérique|Pixel|Web/, "Numérique"],
  [/Banque|Assurances|Mutuelle|Cabinet|Notariat|Comptables|Géomètres/, "Services"],
];

const sectorOf = (name: string) => telling.find(([pattern]) => pattern.test(name))?.[1];

/** SIREN beginning with 0, hardly ever given out. Both its key and the SIRET's follow Luhn (ISO/IEC 7812-1, annex B). */
function siret(dice: Chance, taken: Set<string>): string {
  const siren = withKey(`0${digits(dice, 7)}`);
  const whole = withKey(`${siren}0001`);
  if (taken.has(whole)) return siret(dice, taken);
  taken.add(whole);
  return whole;
}

function withKey(start: string): string {
  const sum = [...start].reverse().reduce((total, digit, i) => {
    const weighted = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return `${start}${(10 - (sum % 10)) % 10}`;
}

/** A number of the range kept for fiction (ARCEP decision 2018-0881: 05 36 49). */
export const phone = (dice: Chance) => `05 36 49 ${digits(dice, 2)} ${digits(dice, 2)}`;

/** The mobile range kept for fiction: 06 39 98. */
export const mobile = (dice: Chance) => `06 39 98 ${digits(dice, 2)} ${digits(dice, 2)}`;

const digits = (dice: Chance, count: number) =>
  Array.from({ length: count }, () => dice.whole(0, 9)).join("");

/** `L’Écluse du Port` → `l-ecluse-du-port`. */
export const slug = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
