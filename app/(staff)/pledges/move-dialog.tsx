"use client";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef } from "react";
import type { Card } from "#lib/tax/pledges/queries";
import type { PledgeState } from "#lib/tax/pledges/rules";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";
import { DialogProvider } from "#ui/dialog-context";
import { IconButton } from "#ui/icon-button";
import { MoveForm } from "./move-form";

type Props = {
  card: Card;
  /** Where it was dropped; null: asked from its menu. */
  to: PledgeState | null;
  targets: PledgeState[];
  onClose: () => void;
  onMoved: (card: Card, to: PledgeState, version?: number) => void;
};

/** « Déplacer vers »: the way without dragging, and where a drop lands when something must be said first. */
export function MoveDialog({ card, to, targets, onClose, onMoved }: Props) {
  const t = useTranslations("pledges.move");
  const b = useTranslations("pledges.board");
  const e = useTranslations("pledges.errors");
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
    // The card may have gone to another column while its dialog was open.
    return () => document.querySelector<HTMLElement>(`[data-card="${card.id}"] a`)?.focus();
  }, [card.id]);
  const close = () => dialog.current?.close();
  const refused = to !== null && !targets.includes(to);
  const onlyTransfers = to === "received" || card.receivedCents !== "0";
  return (
    <dialog
      ref={dialog}
      // The button that ends a drag is released outside of what its drop has just opened: that is no wish to close it.
      {...{ closedby: to === null ? "any" : "closerequest" }}
      aria-labelledby={id}
      onClose={onClose}
      className="max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] max-w-lg overflow-y-auto rounded-card border border-line bg-raised text-ink shadow-pop"
    >
      <div className="flex flex-col gap-4 p-6">
        <h2
          id={id}
          className="min-h-9 pe-10 pt-1 font-display text-xl leading-snug font-semibold [overflow-wrap:anywhere]"
        >
          {refused && onlyTransfers ? b("onlyTransfersTitle") : t("title", { name: card.name })}
        </h2>
        {refused ? (
          <>
            <Alert tone="warn">{onlyTransfers ? e("onlyTransfers") : e("notFrom")}</Alert>
            <div className="flex justify-end">
              <Button variant="primary" onClick={close}>
                {b("ok")}
              </Button>
            </div>
          </>
        ) : (
          <DialogProvider value={close}>
            <MoveForm
              pledge={card}
              to={to}
              targets={targets}
              onMoved={(...moved) => onMoved(card, ...moved)}
            />
          </DialogProvider>
        )}
        <IconButton
          label={t("close")}
          icon={<X aria-hidden />}
          onClick={close}
          className="absolute end-4 top-6"
        />
      </div>
    </dialog>
  );
}
