"use client";
import { type RefObject, useCallback, useEffect, useRef } from "react";
import { useUnsaved } from "./leave-guard";

type Written = Record<string, string>;

/** What a form would send, to compare. Files count by name and size. */
function written(form: HTMLFormElement): Written {
  const found: Written = {};
  for (const [name, value] of new FormData(form)) {
    if (name.startsWith("$ACTION")) continue;
    const text = typeof value === "string" ? value : `${value.name} ${value.size}`;
    found[name] = name in found ? `${found[name]}\0${text}` : text;
  }
  return found;
}

/**
 * Guards a form that somebody wrote in and that now differs from what the page came with. `start` is what it came
 * with, once somebody touched it; `keep` says that all of it is saved.
 */
export function useGuarded(element: RefObject<HTMLFormElement | null>, pending: boolean) {
  const start = useRef<Written | null>(null);
  const leaving = useRef(pending);
  leaving.current = pending;
  useEffect(() => {
    const form = element.current;
    if (!form) return;
    // Before the first key reaches the field: fields that settle after hydration are part of how it came.
    const first = () => {
      start.current ??= written(form);
    };
    const events = ["focusin", "pointerdown", "keydown"] as const;
    for (const name of events) form.addEventListener(name, first, true);
    return () => {
      for (const name of events) form.removeEventListener(name, first, true);
    };
  }, [element]);
  useUnsaved({
    dirty: () =>
      !leaving.current &&
      start.current !== null &&
      element.current !== null &&
      JSON.stringify(written(element.current)) !== JSON.stringify(start.current),
  });
  const keep = useCallback(() => {
    start.current = element.current && written(element.current);
  }, [element]);
  return { start, keep };
}
