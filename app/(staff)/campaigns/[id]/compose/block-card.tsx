"use client";
import { ArrowDown, ArrowUp, GripVertical, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { DragEvent, ReactNode } from "react";
import { useHydrated } from "#app/_ui/use-hydrated.ts";
import type { DraftBlock } from "#lib/letters/campaigns/schema";
import { cx } from "#ui/class";
import { IconButton } from "#ui/icon-button";
import { BlockFields } from "./block-fields";

export type BlockHandlers = {
  onMove: (from: number, to: number) => void;
  onRemove: (at: number) => void;
};

const dragged = "application/x-block";

/** One block: what it is, where it stands, what can be done with it. Each button also works as a plain form's. */
export function BlockCard(props: BlockHandlers & { block: DraftBlock; at: number; count: number }) {
  const { block, at, count, onMove, onRemove } = props;
  const t = useTranslations("campaigns.compose");
  const name = t("position", { type: t(`types.${block.type}`), n: at + 1, count });
  const drop = (event: DragEvent) => {
    const from = Number(event.dataTransfer.getData(dragged));
    if (!event.dataTransfer.types.includes(dragged)) return;
    event.preventDefault();
    onMove(from, at);
  };
  return (
    <li
      id={`block-${block.id}`}
      aria-label={name}
      onDragOver={(event) => event.dataTransfer.types.includes(dragged) && event.preventDefault()}
      onDrop={drop}
      tabIndex={-1}
      className="scroll-mt-28 rounded-card border border-line bg-surface shadow-card target:border-brand-text"
    >
      <input type="hidden" name={`block.${block.id}.type`} value={block.type} />
      <div className="flex items-center gap-1 border-b border-line py-1 ps-2 pe-1">
        <Grip at={at} id={block.id} />
        <h3 className="min-w-0 flex-1 truncate text-sm font-medium text-soft">{t(`types.${block.type}`)}</h3>
        <Act
          label={t("up")}
          intent={`up:${block.id}`}
          disabled={at === 0}
          icon={<ArrowUp />}
          onAct={() => onMove(at, at - 1)}
        />
        <Act
          label={t("down")}
          intent={`down:${block.id}`}
          disabled={at === count - 1}
          icon={<ArrowDown />}
          onAct={() => onMove(at, at + 1)}
        />
        <Act label={t("remove")} intent={`remove:${block.id}`} icon={<Trash2 />} onAct={() => onRemove(at)} />
      </div>
      <div className="flex flex-col gap-4 p-4">
        <BlockFields block={block} />
      </div>
    </li>
  );
}

function Grip({ at, id }: { at: number; id: string }) {
  const t = useTranslations("campaigns.compose");
  const start = (event: DragEvent) => {
    event.dataTransfer.setData(dragged, String(at));
    event.dataTransfer.effectAllowed = "move";
    const card = document.getElementById(`block-${id}`);
    if (card) event.dataTransfer.setDragImage(card, 24, 24);
  };
  if (!useHydrated()) return null;
  return (
    <span
      draggable
      onDragStart={start}
      title={t("drag")}
      aria-hidden
      className="cursor-grab p-1 text-faint active:cursor-grabbing pointer-coarse:hidden"
    >
      <GripVertical className="size-4" />
    </span>
  );
}

type ActProps = { label: string; intent: string; icon: ReactNode; disabled?: boolean; onAct: () => void };

function Act({ label, intent, icon, disabled, onAct }: ActProps) {
  return (
    <IconButton
      type="submit"
      name="intent"
      value={intent}
      label={label}
      icon={icon}
      aria-disabled={disabled || undefined}
      className={cx("size-8", disabled && "opacity-40")}
      onClick={(event) => {
        event.preventDefault();
        if (!disabled) onAct();
      }}
    />
  );
}
