"use client";
import { useTranslations } from "next-intl";
import { type RefObject, useState } from "react";
import { type BlockKind, type DraftBlock, draftBlocks, readBlocks } from "#lib/letters/campaigns/schema";
import { blankBlock, moveBlock } from "./edits";

type Removed = { block: DraftBlock; at: number };

/** The order of the blocks. Their words live in the fields, and are read from them only to bring a removed block back. */
export function useBlocks(form: RefObject<HTMLFormElement | null>, start: DraftBlock[], changed: () => void) {
  const t = useTranslations("campaigns.compose");
  const [blocks, setBlocks] = useState(start);
  const [removed, setRemoved] = useState<Removed | null>(null);
  const [said, setSaid] = useState("");

  const apply = (next: DraftBlock[], words: string) => {
    setBlocks(next);
    setSaid(words);
    // After the fields have moved: the form is what gets saved.
    setTimeout(changed);
  };
  const add = (type: BlockKind) => {
    const block = blankBlock(type, removed ? [...blocks, removed.block] : blocks);
    apply([...blocks, block], t("added", { type: t(`types.${type}`), n: blocks.length + 1 }));
    setTimeout(() =>
      document
        .querySelector<HTMLElement>(`#block-${block.id} :is(input:not([type=hidden]), textarea)`)
        ?.focus(),
    );
  };
  const move = (from: number, to: number) =>
    apply(moveBlock(blocks, from, to), t("moved", { n: to + 1, count: blocks.length }));
  const remove = (at: number) => {
    const block = typed(form.current, blocks)[at];
    if (!block) return;
    setRemoved({ block, at });
    const rest = blocks.filter((_, i) => i !== at);
    apply(rest, t("removed", { type: t(`types.${block.type}`) }));
    const next = rest[at] ?? rest[at - 1];
    // The button pressed is gone: the next block takes its place, or the heading of them all.
    setTimeout(() => document.getElementById(next ? `block-${next.id}` : "blocks")?.focus());
  };
  const undo = () => {
    if (!removed) return;
    const { block, at } = removed;
    setRemoved(null);
    apply([...blocks.slice(0, at), block, ...blocks.slice(at)], "");
  };
  return { blocks, removed, said, add, move, remove, undo };
}

/** The blocks with what the fields hold now. */
function typed(form: HTMLFormElement | null, blocks: DraftBlock[]): DraftBlock[] {
  if (!form) return blocks;
  const read = draftBlocks.safeParse(readBlocks(Object.fromEntries(new FormData(form))));
  return read.success ? read.data : blocks;
}
