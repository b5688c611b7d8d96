import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Card } from "#lib/tax/pledges/queries";
import { type PledgeState, pledgeStates } from "#lib/tax/pledges/rules";
import { extend, place, refreshed, type Shown } from "./board-state.ts";

const card = (id: number, state: PledgeState, more: Partial<Card> = {}): Card => ({
  ...{
    id,
    version: 1,
    state,
    stateSince: new Date(0),
    organisationId: id,
    name: `N${id}`,
    city: "",
    covers: "siret",
  },
  ...{ target: "", share: null, lowCents: "100", highCents: "250", receivedCents: "0", unverified: false },
  ...{ nextStep: "", nextOn: null, owner: null, due: 0, ...more },
});
const shown = (cards: Card[], next: Partial<Record<PledgeState, string>> = {}): Shown => {
  const of = (state: PledgeState) => cards.filter((one) => one.state === state);
  const sum = (list: Card[], key: "lowCents" | "highCents") =>
    String(list.reduce((all, one) => all + BigInt(one[key] ?? 0), 0n));
  const entries = pledgeStates.map((state) => [state, of(state)] as const);
  return {
    columns: Object.fromEntries(
      entries.map(([state, list]) => [state, { cards: list, next: next[state] ?? null }]),
    ) as never,
    totals: Object.fromEntries(
      entries.map(([state, list]) => [
        state,
        {
          count: list.length,
          lowCents: sum(list, "lowCents"),
          highCents: sum(list, "highCents"),
          receivedCents: "0",
        },
      ]),
    ) as never,
  };
};
const ids = ({ columns }: Shown, state: PledgeState) => columns[state].cards.map(({ id }) => id);

describe("the board", () => {
  const start = shown([card(1, "solicited"), card(2, "solicited"), card(3, "pledged")]);
  const one = start.columns.solicited.cards[0] as Card;
  it("moves a card to the top of another column, with its money, and back", () => {
    const moved = place(start, one, "pledged", 2);
    assert.deepEqual([ids(moved, "solicited"), ids(moved, "pledged")], [[2], [1, 3]]);
    assert.deepEqual(moved.columns.pledged.cards[0], { ...one, state: "pledged", version: 2 });
    assert.deepEqual(moved.totals.pledged, {
      count: 2,
      lowCents: "200",
      highCents: "500",
      receivedCents: "0",
    });
    const back = place(moved, { ...one, state: "pledged" }, "solicited");
    assert.deepEqual(back, start);
  });
  it("moves one that has not been told what it is worth", () => {
    const bare = card(9, "solicited", { lowCents: null, highCents: null });
    const moved = place(shown([bare]), bare, "refused");
    assert.deepEqual(moved.totals.refused, { count: 1, lowCents: "0", highCents: "0", receivedCents: "0" });
  });
  it("adds a page once, without what was moved there meanwhile", () => {
    const more = extend(start, "solicited", {
      cards: [card(2, "solicited"), card(4, "solicited")],
      next: "x",
    });
    assert.deepEqual([ids(more, "solicited"), more.columns.solicited.next], [[1, 2, 4], "x"]);
    assert.equal(more.totals, start.totals);
  });
  it("takes a fresh reading, keeps what was read further down, and the cards that did not change", () => {
    const far = shown([card(1, "solicited"), card(2, "solicited"), card(3, "solicited")]);
    const fresh = shown([card(2, "solicited"), card(1, "pledged", { version: 2 })], { solicited: "n" });
    const now = refreshed(
      { ...far, columns: { ...far.columns, solicited: { ...far.columns.solicited, next: "z" } } },
      fresh,
    );
    assert.deepEqual([ids(now, "solicited"), ids(now, "pledged")], [[2, 3], [1]]);
    assert.equal(now.columns.solicited.cards[0], far.columns.solicited.cards[1], "the same object");
    assert.equal(now.columns.solicited.next, "z");
    assert.equal(now.totals, fresh.totals);
  });
  it("shows no more than a fresh reading that is whole", () => {
    const now = refreshed(start, shown([card(2, "solicited")]));
    assert.deepEqual([ids(now, "solicited"), now.columns.solicited.next], [[2], null]);
  });
});
