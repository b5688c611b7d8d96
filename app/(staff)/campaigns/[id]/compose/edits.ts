import type { BlockKind, DraftBlock } from "#lib/letters/campaigns/schema";

const noPicture = { src: "", alt: "", decorative: false };
const noLink = { label: "", url: "" };

/** A block of that kind with nothing in it; ids are never used twice in a message. */
export function blankBlock(type: BlockKind, blocks: readonly DraftBlock[]): DraftBlock {
  const highest = Math.max(0, ...blocks.map(({ id }) => Number(/^b(\d+)$/.exec(id)?.[1] ?? 0)));
  const id = `b${highest + 1}`;
  switch (type) {
    case "text":
      return { id, type, markdown: "" };
    case "heading":
      return { id, type, text: "" };
    case "article":
      return { id, type, title: "", image: noPicture, markdown: "", link: noLink };
    case "button":
      return { id, type, label: "", url: "" };
    case "image":
      return { id, type, image: noPicture, caption: "" };
    case "quote":
      return { id, type, markdown: "", author: "" };
    case "figures":
      return { id, type, items: [] };
    case "divider":
      return { id, type };
  }
}

/** The same blocks with the one at `from` standing at `to`; places outside the list change nothing. */
export function moveBlock(blocks: readonly DraftBlock[], from: number, to: number): DraftBlock[] {
  const moved = blocks[from];
  if (!moved || to < 0 || to >= blocks.length) return [...blocks];
  const rest = blocks.filter((_, i) => i !== from);
  return [...rest.slice(0, to), moved, ...rest.slice(to)];
}

const kinds: readonly string[] = [
  "text",
  "heading",
  "article",
  "button",
  "image",
  "quote",
  "figures",
  "divider",
];
const isKind = (word: string): word is BlockKind => kinds.includes(word);

/** What a button of the composer asks: `add:<kind>`, `up:<id>`, `down:<id>`, `remove:<id>`; anything else, nothing. */
export function applyIntent(blocks: readonly DraftBlock[], intent: string): DraftBlock[] {
  const [verb = "", what = ""] = intent.split(":");
  const at = blocks.findIndex(({ id }) => id === what);
  if (verb === "add" && isKind(what)) return [...blocks, blankBlock(what, blocks)];
  if (at === -1) return [...blocks];
  if (verb === "up") return moveBlock(blocks, at, at - 1);
  if (verb === "down") return moveBlock(blocks, at, at + 1);
  if (verb === "remove") return blocks.filter((_, i) => i !== at);
  return [...blocks];
}
