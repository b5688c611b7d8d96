import type { KeyboardEvent, RefObject } from "react";

const cardsOf = (column: Element) => [...column.querySelectorAll<HTMLElement>("[data-card]")];
const focusOn = (card: HTMLElement | undefined) => {
  card?.querySelector("a")?.focus();
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
};

/** Arrows go from card to card and from column to column; M opens the menu of the one that has the focus. */
export const walk = (board: RefObject<HTMLDivElement | null>) => (event: KeyboardEvent) => {
  const card = (event.target as HTMLElement).closest<HTMLElement>("[data-card]");
  if (!card || !board.current || event.ctrlKey || event.metaKey || event.altKey) return;
  const column = card.closest("[data-column]");
  const columns = [...board.current.querySelectorAll("[data-column]")].filter(
    (one) => cardsOf(one).length > 0,
  );
  const [x, y] = [columns.indexOf(column as Element), cardsOf(column as Element).indexOf(card)];
  const beside = (step: number) => {
    const other = columns[x + step];
    return other && cardsOf(other)[Math.min(y, cardsOf(other).length - 1)];
  };
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "ArrowDown") focusOn(cardsOf(column as Element)[y + 1]);
  else if (key === "ArrowUp") focusOn(cardsOf(column as Element)[y - 1]);
  else if (key === "ArrowRight") focusOn(beside(1));
  else if (key === "ArrowLeft") focusOn(beside(-1));
  else if (key === "m") card.querySelector<HTMLElement>("[data-move]")?.click();
  else return;
  event.preventDefault();
};
