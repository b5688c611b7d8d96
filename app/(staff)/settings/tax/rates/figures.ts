import { formatCents, formatNumber } from "#lib/machine/format";
import { type EditableKey, unitOf } from "#lib/tax/rates/rules";

/** Where each key is said in the catalog, whose keys have no dots. */
export const saidAs = {
  main: "main",
  "main.alsaceMoselle": "mainMoselle",
  solde: "solde",
  fees: "fees",
  "creance.euros": "creanceEuros",
  "creance.above": "creanceAbove",
  "creance.cap": "creanceCap",
  "creance.staff": "creanceStaff",
  "csa.staff": "csaStaff",
  "csa.largeStaff": "csaLargeStaff",
  "csa.alsaceMoselle": "csaMoselle",
  "csa.growthFrom": "csaGrowthFrom",
  "csa.growth": "csaGrowth",
  "exempt.month": "exemptMonth",
  csa: "csa",
} as const satisfies Record<EditableKey | "csa", string>;

/** « 0,59 % », « 10 810,80 € », « 250 »: in the unit of its key. */
export function sayFigure(key: EditableKey, value: string, locale: string): string {
  const unit = unitOf[key];
  if (unit === "euros") return formatCents(Math.round(Number(value) * 100), locale);
  return unit === "percent"
    ? formatNumber(Number(value) / 100, locale, { style: "percent", maximumFractionDigits: 6 })
    : formatNumber(Number(value), locale, { maximumFractionDigits: 6 });
}
