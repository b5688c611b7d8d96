/** A figure with where it comes from. Its words are in the catalog (`tax.steps`), so that a screen can say it in both languages. */
import type { Figure } from "./rates.ts";

/** In a label: cents as money, a decimal as a percentage or a number, `2026-06` as a month, text as it is. */
export type Value = string | { cents: bigint } | { percent: string } | { number: string } | { month: string };
export type Step = {
  key: string;
  values: Record<string, Value>;
  cents: bigint;
  source: string;
  unconfirmed?: string;
};

/** `figures` give the source: the law of each, once. */
export function step(
  key: string,
  cents: bigint,
  figures: Pick<Figure, "source" | "unconfirmed">[],
  values: Record<string, Value> = {},
): Step {
  const unconfirmed = figures.flatMap((figure) => figure.unconfirmed ?? []);
  return {
    key,
    values,
    cents,
    source: [...new Set(figures.map(({ source }) => source))].join(" ; "),
    ...(unconfirmed.length > 0 && { unconfirmed: unconfirmed.join(" ; ") }),
  };
}
