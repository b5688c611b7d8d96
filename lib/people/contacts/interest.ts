/** Who is truly interested: the five levels of the SQL function interest_level, from what people did themselves. */

/** From the warmest; `new` is here for less than six months and has done nothing yet. */
export const interestLevels = ["loyal", "attentive", "discreet", "new", "silent"] as const;
export type InterestLevel = (typeof interestLevels)[number];

/** A boolean SQL expression about the contact aliased `c`: their level, as of now, is this one. Never null. */
export function interestSql(level: InterestLevel): string {
  const signs = (test: string) => `exists (select 1 from contact_signs g where g.contact_id = c.id
      and interest_level(null, g.strong_at, g.mild_at, now()) ${test})`;
  if (level !== "new" && level !== "silent") return signs(`= '${level}'`);
  const age = `(c.created_at > now() - interval '6 months')`;
  return `(not ${signs("<> 'silent'")} and ${level === "new" ? "" : "not "}${age})`;
}
