"use client";
import type { KeyboardEvent, ReactNode } from "react";

/**
 * The list by keyboard: arrows (or J and K) go from task to task, F does the one that has the focus, D moves it a day,
 * L to Monday; Z takes the last click back as long as its sentence is on screen.
 */
export function TaskKeys({ children }: { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the links and buttons inside, which work without them
    <div onKeyDown={onKey}>{children}</div>
  );
}

function onKey(event: KeyboardEvent<HTMLDivElement>) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as HTMLElement;
  if (target.closest("dialog, input, select, textarea")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const row = target.closest<HTMLElement>("[data-task]");
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[key];
  if (key === "z") document.querySelector<HTMLElement>("[data-undo]")?.click();
  else if (step && row) {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-task]")];
    rows[rows.indexOf(row) + step]?.querySelector("a")?.focus();
  } else if (["f", "d", "l"].includes(key) && row)
    row.querySelector<HTMLElement>(`[data-act=${key}]`)?.click();
  else return;
  event.preventDefault();
}
