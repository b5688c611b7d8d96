/** Whether a server, by its own clock, ever got more than was allowed. */
import type { LimitChange, Scene } from "./scene.ts";
import type { Books } from "./server.ts";

export function findQuotasWrong({ record, books, server, spare, setup }: Scene): string[] {
  const wrong: string[] = [];
  for (const change of record.limits) {
    if (change.limit === null) continue;
    const lifted = record.limits.find((next) => next.from > change.from && sameScope(next, change));
    const instants = instantsWithin(books, change.scope).sort((a, b) => a - b);
    const most = busiest(instants, change.seconds * 1000, lifted?.from ?? Number.POSITIVE_INFINITY);
    if (most > change.limit)
      wrong.push(
        `${most} messages within ${change.seconds} s${change.scope && ` to ${change.scope}`}, ${change.limit} allowed`,
      );
  }
  // A frozen or cut-off worker's own connections are still in the server's hands when others have replaced them.
  const allowed = setup.connections + record.overlap;
  const peak = Math.max(server.peak, spare?.server.peak ?? 0);
  if (peak > allowed) wrong.push(`${peak} transactions at once, ${allowed} allowed`);
  return wrong;
}

/** Messages the first relay's server took, towards one domain unless it is ''. */
export const takenWithin = (books: Books, scope: string) => instantsWithin(books, scope).length;

const instantsWithin = ({ taken }: Books, scope: string) =>
  taken
    .filter(({ relay, address }) => relay === "first" && (scope === "" || address.endsWith(`@${scope}`)))
    .map(({ at }) => at);

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
