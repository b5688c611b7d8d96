/** The figures that a screen may change: single numbers of today's regime. Bands of the CSA and rules are code. */
export const editableKeys = [
  "main",
  "main.alsaceMoselle",
  "solde",
  "fees",
  "creance.euros",
  "creance.above",
  "creance.cap",
  "creance.staff",
  "csa.staff",
  "exempt.month",
] as const;
export type EditableKey = (typeof editableKeys)[number];
