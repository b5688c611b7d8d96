/** Numbers of companies that nobody has, with their keys. */
import { isSiren, isSiret } from "#lib/people/organisations/rules";

const withKey = (start: string, good: (digits: string) => boolean): string =>
  [..."0123456789"].map((key) => start + key).find(good) ?? "";

/** The SIREN of this number (its key added), nine digits. */
export const giveSiren = (number: number): string => withKey(String(number).padStart(8, "0"), isSiren);

/** An establishment of it. */
export const giveSiret = (number: number, place = 1): string =>
  withKey(`${giveSiren(number)}${String(place).padStart(4, "0")}`, isSiret);
