"use client";
import { type RefObject, useLayoutEffect } from "react";

const reachable = "a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select, textarea";

/**
 * When what has the focus goes away with its row (removed, archived, handled), the focus goes to the next row, else the
 * one before, else the heading above: never back to the top of the page.
 */
export function useFocusAfter(ref: RefObject<HTMLElement | null>) {
  useLayoutEffect(() => {
    const left = ref.current;
    return () => {
      if (!left?.contains(document.activeElement)) return;
      const places = neighbours(left);
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return;
        const place = places.find((one) => one.isConnected);
        if (place?.matches("h1, h2, h3, caption")) place.tabIndex = -1;
        place?.focus();
      });
    };
  }, [ref]);
}

/** Where the focus may go once `left` is no more, best first. */
function neighbours(left: HTMLElement): HTMLElement[] {
  const row = left.closest("li, tr");
  const beside = [row?.nextElementSibling, row?.previousElementSibling].flatMap(
    (other) => other?.querySelector<HTMLElement>(reachable) ?? [],
  );
  const headings = [left.closest("section, main"), document].flatMap(
    (area) => area?.querySelector<HTMLElement>("h1, h2, h3") ?? [],
  );
  return [...beside, ...headings];
}
