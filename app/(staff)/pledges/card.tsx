"use client";
import { ArrowRightLeft, BellRing, CircleHelp, UsersRound } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { memo } from "react";
import { formatEuros } from "#lib/machine/format";
import type { Card } from "#lib/tax/pledges/queries";
import type { PledgeState } from "#lib/tax/pledges/rules";
import { iconButtonClass } from "#ui/icon-button";
import { dragged } from "./dragged";
import { sayDay, sayExpected } from "./money";

type Props = {
  card: Card;
  /** The one card of its column that Tab reaches; arrows reach the others. */
  first: boolean;
  edits: boolean;
  onMove: (card: Card, to: PledgeState | null) => void;
};

/** Its menu is a link to the page of the pledge, where one moves it without JavaScript. */
export const PledgeCard = memo(function PledgeCard({ card, first, edits, onMove }: Props) {
  const t = useTranslations("pledges.board");
  const locale = useLocale();
  const received = card.receivedCents !== "0";
  const money = received ? formatEuros(card.receivedCents, locale) : sayExpected(card, t, locale);
  const share = card.share !== null && t("share", { share: (card.share / 100).toLocaleString(locale) });
  const tabIndex = first ? 0 : -1;
  return (
    <li
      data-card={card.id}
      draggable={edits}
      onDragStart={(event) => {
        dragged.card = card;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", card.name);
      }}
      onDragEnd={() => {
        dragged.card = null;
      }}
      className="group relative rounded-field border border-line bg-surface p-2.5 shadow-card focus-within:border-edge hover:border-edge pointer-fine:cursor-grab"
    >
      <div className="flex items-start gap-1">
        <Link
          href={`/pledges/${card.id}`}
          prefetch={false}
          draggable={false}
          tabIndex={tabIndex}
          className="min-w-0 flex-1 rounded py-1 leading-snug font-medium [overflow-wrap:anywhere] hover:text-brand-text hover:underline"
        >
          {card.name}
          {card.target && <span className="block text-sm font-normal text-soft">{card.target}</span>}
        </Link>
        {edits && (
          <a
            href={`/pledges/${card.id}#deplacer`}
            data-move
            draggable={false}
            tabIndex={tabIndex}
            aria-label={t("moveNamed", { name: card.name })}
            title={t("move")}
            onClick={(event) => {
              event.preventDefault();
              onMove(card, null);
            }}
            className={iconButtonClass}
          >
            <ArrowRightLeft aria-hidden />
          </a>
        )}
      </div>
      {(money || share) && <p className="nums text-sm">{[money, share].filter(Boolean).join(" · ")}</p>}
      {(card.nextStep || card.nextOn) && (
        <p className="mt-0.5 text-sm text-soft [overflow-wrap:anywhere]">
          {[card.nextOn && sayDay(card.nextOn, locale), card.nextStep].filter(Boolean).join(" : ")}
        </p>
      )}
      <Marks card={card} />
    </li>
  );
});

function Marks({ card }: { card: Card }) {
  const t = useTranslations("pledges.board");
  const mark = "inline-flex items-center gap-1 [&_svg]:size-3.5";
  if (!card.owner && !card.unverified && card.due === 0 && card.covers === "siret") return null;
  return (
    <p className="mt-1 flex flex-wrap gap-x-3 gap-y-0.5 text-[0.8125rem] text-soft">
      {card.due > 0 && (
        <span className={`${mark} font-medium text-warn`}>
          <BellRing aria-hidden />
          {t("due", { count: card.due })}
        </span>
      )}
      {card.unverified && (
        <span className={`${mark} font-medium text-warn`}>
          <CircleHelp aria-hidden />
          {t("unverified")}
        </span>
      )}
      {card.covers === "siren" && (
        <span className={mark}>
          <UsersRound aria-hidden />
          {t("group")}
        </span>
      )}
      {card.owner && <span>{card.owner}</span>}
    </p>
  );
}
