/** Whether the server, by its own clock, ever got more than was allowed. */
import type { LimitChange, Scene } from "./scene.ts";

export function findQuotasWrong({ record, server, setup }: Scene): string[] {
  const wrong: string[] = [];
  for (const change of record.limits) {
    if (change.limit === null) continue;
    const until =
      record.limits.find((next) => next.from > change.from && sameScope(next, change))?.from ??
      Number.POSITIVE_INFINITY;
    const instants = server.taken
      .filter(({ address }) => change.scope === "relay" || address.endsWith(`@${change.scope}`))
      .map(({ at }) => at)
      .sort((a, b) => a - b);
    const most = busiest(instants, change.seconds * 1000, until);
    if (most > change.limit)
      wrong.push(`${most} messages within ${change.seconds} s (${change.scope}), ${change.limit} allowed`);
  }
  // A frozen or cut-off worker's own connections are still in the server's hands when others have replaced them.
  const allowed = setup.connections + record.overlap;
  if (server.peak > allowed) wrong.push(`${server.peak} transactions at once, ${allowed} allowed`);
  return wrong;
}

const sameScope = (a: LimitChange, b: LimitChange) => a.scope === b.scope && a.seconds === b.seconds;

/** The most instants that any window of this length holds, ending before `until`; `instants` in order. */
function busiest(instants: number[], milliseconds: number, until: number): number {
  let most = 0;
  let first = 0;
  instants.forEach((at, i) => {
    if (at >= until) return;
    while ((instants[first] ?? at) <= at - milliseconds) first++;
    most = Math.max(most, i - first + 1);
  });
  return most;
}
