/** The figures that a screen may change, and how the bands of the CSA are written in one cell. */
import type { Band } from "#lib/tax/rules/rates";

/** Single numbers of today's regime, with what each counts. The CSA's bands are apart, the rules themselves are code. */
export const unitOf = {
  main: "percent",
  "main.alsaceMoselle": "percent",
  solde: "percent",
  fees: "percent",
  "creance.euros": "euros",
  "creance.above": "percent",
  "creance.cap": "number",
  "creance.staff": "number",
  "csa.staff": "number",
  "csa.largeStaff": "number",
  "csa.alsaceMoselle": "number",
  "csa.growthFrom": "percent",
  "csa.growth": "number",
  "exempt.month": "euros",
} as const;
export type EditableKey = keyof typeof unitOf;
export const editableKeys = Object.keys(unitOf) as [EditableKey, ...EditableKey[]];

/** The most bands that the CSA may have. */
export const mostBands = 6;

/** « 1=0.4/0.6 2=0.2 »: under 1 % of work-study contracts 0.4 %, 0.6 % for the largest; then 0.2 % under 2 %. */
export const writeBands = (bands: readonly Band[]): string =>
  bands.map(({ below, rate, large }) => `${below}=${rate}${large ? `/${large}` : ""}`).join(" ");

export const readBands = (text: string): Band[] =>
  text.split(" ").map((band) => {
    const [below = "", rates = ""] = band.split("=");
    const [rate = "", large] = rates.split("/");
    return { below, rate, ...(large && { large }) };
  });
