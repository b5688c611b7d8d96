/** SIREN and SIRET: nine digits for a company, fourteen for one of its establishments (SIREN + NIC + key). */

/** Digits only, as typed with spaces, dots or dashes. */
export const digitsOf = (text: string) => text.replace(/[\s.\u00a0\u202f-]/g, "");

/** Luhn's key over nine digits. */
export const isSiren = (siren: string) => /^\d{9}$/.test(siren) && luhn(siren) % 10 === 0;

/**
 * Fourteen digits under Luhn's key, of a valid SIREN. La Poste has more establishments than Luhn leaves room
 * for: under its SIREN (356000000) a plain digit sum that is a multiple of five is good too.
 */
export function isSiret(siret: string): boolean {
  if (!/^\d{14}$/.test(siret) || !isSiren(siret.slice(0, 9))) return false;
  return luhn(siret) % 10 === 0 || (siret.startsWith("356000000") && digitSum(siret) % 5 === 0);
}

/** « 198 013 443 00017 », as administrations print it. */
export const formatSiret = (siret: string) =>
  siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})?$/, (_, a, b, c, nic) =>
    [a, b, c, nic].filter(Boolean).join("\u00a0"),
  );

function luhn(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
}

const digitSum = (digits: string) => [...digits].reduce((sum, digit) => sum + Number(digit), 0);
