"use client";
import { useLocale, useTranslations } from "next-intl";
import { memo, useState } from "react";
import { formatEuros, formatNumber } from "#lib/machine/format";
import type { Card, Column, Total } from "#lib/tax/pledges/queries";
import type { PledgeState } from "#lib/tax/pledges/rules";
import { Button } from "#ui/button";
import { cx } from "#ui/class";
import { solidTone } from "#ui/tone";
import { PledgeCard } from "./card";
import { dragged } from "./dragged";
import { sayExpected } from "./money";
import { toneOf } from "./tones";

type Props = {
  state: PledgeState;
  column: Column;
  total: Total;
  /** Where its following page is read. */
  address: string;
  edits: boolean;
  onMove: (card: Card, to: PledgeState | null) => void;
  onMore: (state: PledgeState, page: Column) => void;
};

/** One state: its count and euros are of the whole column, whatever is loaded of it. */
export const BoardColumn = memo(function BoardColumn(props: Props) {
  const { state, column, total, edits, onMove } = props;
  const t = useTranslations("pledges.board");
  const s = useTranslations("pledges.states");
  const locale = useLocale();
  const [over, hover] = useState(false);
  const came = state === "received" || state === "thanked";
  const expected = total.highCents === "0" ? "" : sayExpected(total, t, locale);
  const money = came && total.count > 0 ? formatEuros(total.receivedCents, locale) : expected;
  const drop = edits && {
    onDragOver: (event: React.DragEvent) => {
      event.preventDefault();
      hover(true);
    },
    onDragLeave: () => hover(false),
    onDrop: (event: React.DragEvent) => {
      event.preventDefault();
      hover(false);
      if (dragged.card) onMove(dragged.card, state);
    },
  };
  return (
    <section
      {...drop}
      data-column={state}
      aria-label={`${s(state)}, ${t("tally", { count: total.count })}`}
      className={cx(
        "flex max-h-[calc(100dvh-11rem)] min-h-48 w-[85vw] shrink-0 snap-center flex-col rounded-card border bg-sunken/60 sm:w-68",
        over ? "border-brand-text" : "border-line",
      )}
    >
      <header className="flex flex-wrap items-baseline justify-between gap-x-3 px-3 pt-3 pb-2">
        <h2 className="flex items-center gap-2 font-semibold">
          <span aria-hidden className={cx("size-2 rounded-full", solidTone[toneOf[state]])} />
          {s(state)}
          <span className="nums font-normal text-soft">{formatNumber(total.count, locale)}</span>
        </h2>
        <p className="nums min-h-5 w-full text-sm text-soft">{money}</p>
      </header>
      <ul className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto px-2 pt-1 pb-2">
        {column.cards.map((card, at) => (
          <PledgeCard key={card.id} card={card} first={at === 0} edits={edits} onMove={onMove} />
        ))}
        {column.cards.length === 0 && <li className="px-1 py-2 text-sm text-soft">{t("none")}</li>}
        {column.next && <More {...props} next={column.next} />}
      </ul>
    </section>
  );
});

/** Fifty more, when they are asked for. */
function More({ state, column, total, address, onMore, next }: Props & { next: string }) {
  const t = useTranslations("pledges.board");
  const [pending, setPending] = useState(false);
  const [failed, setFailed] = useState(false);
  const read = async () => {
    setPending(true);
    setFailed(false);
    try {
      const answer = await fetch(`${address}&after=${encodeURIComponent(next)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      onMore(state, await answer.json());
    } catch {
      setFailed(true);
    }
    setPending(false);
  };
  return (
    <li className="flex flex-col gap-1 pt-1">
      <Button size="sm" variant="ghost" pending={pending} onClick={() => pending || void read()}>
        {pending ? t("loading") : t("more", { count: total.count - column.cards.length })}
      </Button>
      {failed && (
        <p role="alert" className="text-sm text-bad">
          {t("moreFailed")}
        </p>
      )}
    </li>
  );
}
