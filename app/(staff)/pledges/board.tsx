"use client";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useMemo, useReducer, useRef, useState, useTransition } from "react";
import type { Card } from "#lib/tax/pledges/queries";
import type { PledgeState } from "#lib/tax/pledges/rules";
import { useReason } from "#ui/form-context";
import { move } from "./actions";
import { type BoardTotals, type Columns, extend, place, refreshed, type Shown } from "./board-state";
import { BoardColumn } from "./column";
import { walk } from "./keys";
import { MoveDialog } from "./move-dialog";

type Props = {
  year: number;
  owner: string;
  states: readonly PledgeState[];
  moves: Record<PledgeState, PledgeState[]>;
  columns: Columns;
  totals: BoardTotals;
  edits: boolean;
};

type Change =
  | { what: "place"; card: Card; to: PledgeState; version?: number }
  | { what: "extend"; state: PledgeState; page: Columns[PledgeState] }
  | { what: "refresh"; fresh: Shown };

function reduce(shown: Shown, change: Change): Shown {
  if (change.what === "place") return place(shown, change.card, change.to, change.version);
  if (change.what === "extend") return extend(shown, change.state, change.page);
  return refreshed(shown, change.fresh);
}

/** What a move asks first: a share, a reason; nothing for the others. */
const asks = (card: Card, to: PledgeState) =>
  to === "refused" ||
  ((to === "pledged" || to === "allocated") && card.share === null && card.lowCents === null);

/** Cards by state: dragged, moved from their menu, or by keyboard. All three call the same action. */
export function Board({ year, owner, states, moves, columns, totals, edits }: Props) {
  const t = useTranslations("pledges.board");
  const s = useTranslations("pledges.states");
  const sentence = useReason("pledges");
  const reason = useRef(sentence);
  const [shown, change] = useReducer(reduce, { columns, totals });
  const [asked, ask] = useState<{ card: Card; to: PledgeState | null } | null>(null);
  const [said, say] = useState("");
  const [, start] = useTransition();
  const board = useRef<HTMLDivElement>(null);
  const counts = useRef(shown.totals);
  useEffect(() => {
    counts.current = shown.totals;
    reason.current = sentence;
  });
  useEffect(() => change({ what: "refresh", fresh: { columns, totals } }), [columns, totals]);

  const arrived = useCallback(
    (card: Card, to: PledgeState, version?: number) => {
      change({ what: "place", card, to, version });
      const count = counts.current[to].count + (card.state === to ? 0 : 1);
      say(t("moved", { name: card.name, state: s(to), place: 1, count }));
    },
    [s, t],
  );
  const request = useCallback(
    (card: Card, to: PledgeState | null) => {
      if (to === card.state) return;
      if (to === null || asks(card, to) || !moves[card.state].includes(to)) return ask({ card, to });
      arrived(card, to);
      start(async () => {
        const form = new FormData();
        for (const [name, value] of Object.entries({ id: card.id, version: card.version, to }))
          form.set(name, String(value));
        const answer = await move(null, form);
        if (answer?.ok) return;
        change({ what: "place", card: { ...card, state: to }, to: card.state, version: card.version });
        const why = answer && "reason" in answer ? reason.current(answer.reason) : "";
        say(t("refused", { name: card.name, why }));
      });
    },
    [arrived, moves, t],
  );
  const onMore = useCallback((state: PledgeState, page: Columns[PledgeState]) => {
    change({ what: "extend", state, page });
  }, []);
  const keys = useMemo(() => walk(board), []);
  return (
    <>
      {edits && <p className="mb-2 hidden text-sm text-faint pointer-fine:block">{t("help")}</p>}
      <p role="status" className="sr-only">
        {said}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows only move the focus between the cards' own links. */}
      <div
        ref={board}
        onKeyDown={keys}
        className="flex snap-x gap-3 overflow-x-auto pb-3 max-sm:-mx-4 max-sm:px-4 sm:snap-none"
      >
        {states.map((state) => (
          <BoardColumn
            key={state}
            state={state}
            column={shown.columns[state]}
            total={shown.totals[state]}
            address={`/pledges/column?${new URLSearchParams({ year: String(year), owner, state })}`}
            edits={edits}
            onMove={request}
            onMore={onMore}
          />
        ))}
      </div>
      {asked && (
        <MoveDialog
          key={`${asked.card.id} ${asked.to}`}
          card={asked.card}
          to={asked.to}
          targets={moves[asked.card.state]}
          onClose={() => ask(null)}
          onMoved={arrived}
        />
      )}
    </>
  );
}
