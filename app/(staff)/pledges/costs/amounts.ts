import { formatNumber } from "#lib/machine/format";

/** « 2 h 30 », « 45 min ». */
export function sayHours(minutes: number, locale: string): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const whole = formatNumber(hours, locale);
  if (hours === 0) return `${rest}\u00a0min`;
  return rest === 0 ? `${whole}\u00a0h` : `${whole}\u00a0h\u00a0${String(rest).padStart(2, "0")}`;
}

/** « × 4,5 »: hundredths, so many times the cost. */
export const sayReturn = (hundredths: number, locale: string) =>
  `×\u00a0${formatNumber(hundredths / 100, locale, { maximumFractionDigits: 1 })}`;
