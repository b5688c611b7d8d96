import type { useTranslations } from "next-intl";
import type { CriteriaChoices } from "#lib/people/segments/queries";
import type { Condition, Criteria } from "#lib/people/segments/schema";

type Say = ReturnType<typeof useTranslations<"segments">>;

/** The criteria as one reads them aloud: « Alumni SRC et code postal 33… ». */
export function describeCriteria(criteria: Criteria, t: Say, choices: CriteriaChoices): string {
  if (criteria.groups.length === 0) return t("everybody");
  const groups = criteria.groups.map(({ match, conditions }) => {
    const said = conditions.map((condition) => sayCondition(condition, t, choices));
    if (match === "none") return t("notAny", { criteria: said.join(t("or")) });
    return said.join(match === "any" ? t("or") : t("and"));
  });
  const several = groups.length > 1;
  return groups
    .map((text) => (several ? `(${text})` : text))
    .join(criteria.match === "any" ? t("or") : t("and"));
}

function sayCondition(condition: Condition, t: Say, { sources, topics }: CriteriaChoices): string {
  const named = (ids: number[], all: { id: number; name: string }[]) =>
    ids.map((id) => all.find((one) => one.id === id)?.name ?? `n° ${id}`).join(", ");
  switch (condition.field) {
    case "kind":
      return t("say.kind", { list: condition.in.map((kind) => t(`kinds.${kind}`)).join(", ") });
    case "graduationYear":
      return sayYears(condition, t);
    case "city":
      return t("say.city", { is: condition.is });
    case "postcode":
      return t("say.postcode", { prefix: condition.prefix });
    case "organisation":
      return t(condition.known ? "say.organisationKnown" : "say.organisationUnknown");
    case "sector":
      return t("say.sector", { is: condition.is });
    case "source":
      return t("say.source", { list: named(condition.in, sources) });
    case "topic":
      return t("say.topic", { list: named(condition.in, topics) });
    case "createdAfter":
      return t("say.createdAfter", { on: condition.on.split("-").reverse().join("/") });
    case "interest":
      return t("say.interest", { list: condition.in.map((level) => t(`interest.${level}`)).join(", ") });
    case "reachable":
      return t("say.reachable");
  }
}

function sayYears({ from, to }: Extract<Condition, { field: "graduationYear" }>, t: Say): string {
  if (from === null) return t("say.yearsTo", { to: String(to) });
  if (to === null) return t("say.yearsFrom", { from: String(from) });
  return t("say.yearsBetween", { from: String(from), to: String(to) });
}
