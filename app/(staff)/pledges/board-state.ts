/** What the board shows, and how a move, a page more or a fresh reading changes it: plain data in, plain data out. */
import type { Card, Column, Total } from "#lib/tax/pledges/queries";
import type { PledgeState } from "#lib/tax/pledges/rules";

export type Columns = Record<PledgeState, Column>;
export type BoardTotals = Record<PledgeState, Total>;
export type Shown = { columns: Columns; totals: BoardTotals };

/** A card leaves its column for the top of another, with its money. */
export function place(
  { columns, totals }: Shown,
  card: Card,
  to: PledgeState,
  version = card.version,
): Shown {
  const from = card.state;
  const moved = { ...card, state: to, version };
  const without = columns[from].cards.filter(({ id }) => id !== card.id);
  const above = (from === to ? without : columns[to].cards).filter(({ id }) => id !== card.id);
  return {
    columns: {
      ...columns,
      [from]: { ...columns[from], cards: without },
      [to]: { ...columns[to], cards: [moved, ...above] },
    },
    totals:
      from === to
        ? totals
        : { ...totals, [from]: add(totals[from], card, -1), [to]: add(totals[to], card, 1) },
  };
}

function add(total: Total, card: Card, sign: 1 | -1): Total {
  const cents = (sum: string, part: string | null) => String(BigInt(sum) + BigInt(sign) * BigInt(part ?? 0));
  return {
    count: total.count + sign,
    lowCents: cents(total.lowCents, card.lowCents),
    highCents: cents(total.highCents, card.highCents),
    receivedCents: cents(total.receivedCents, card.receivedCents),
  };
}

/** The following page of a column, without what a move brought there meanwhile. */
export function extend({ columns, totals }: Shown, state: PledgeState, page: Column): Shown {
  const there = new Set(columns[state].cards.map(({ id }) => id));
  const cards = [...columns[state].cards, ...page.cards.filter(({ id }) => !there.has(id))];
  return { columns: { ...columns, [state]: { cards, next: page.next } }, totals };
}

/** A fresh first page of every column, under which what was read further down stays. An equal card stays the same object. */
export function refreshed(old: Shown, fresh: Shown): Shown {
  const before = new Map(
    Object.values(old.columns).flatMap(({ cards }) => cards.map((card) => [card.id, card])),
  );
  const first = new Set(Object.values(fresh.columns).flatMap(({ cards }) => cards.map(({ id }) => id)));
  const merge = (state: PledgeState): Column => {
    const { cards, next } = fresh.columns[state];
    const known = cards.map((card) => {
      const had = before.get(card.id);
      return had && JSON.stringify(had) === JSON.stringify(card) ? had : card;
    });
    const further = old.columns[state].cards.length > cards.length;
    if (!further || next === null) return { cards: known, next };
    const rest = old.columns[state].cards.filter(({ id }) => !first.has(id));
    return { cards: [...known, ...rest], next: old.columns[state].next };
  };
  const states = Object.keys(fresh.columns) as PledgeState[];
  return {
    columns: Object.fromEntries(states.map((state) => [state, merge(state)])) as Columns,
    totals: fresh.totals,
  };
}
