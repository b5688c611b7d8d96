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
 * Whether somebody wrote here before the page's scripts could hear it, or the browser put back what was written. What a
 * browser fills in where a password is asked for was written by nobody.
 */
export function typedBefore(form: HTMLFormElement): boolean {
  if (form.querySelector("[type=password]")) return false;
  return [...form.elements].some((field) => {
    if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
    if (field instanceof HTMLSelectElement) return field.selectedIndex !== chosenAtFirst(field);
    if (!(field instanceof HTMLInputElement)) return false;
    const ticked = field.type === "checkbox" || field.type === "radio";
    return ticked ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  });
}

const chosenAtFirst = ({ options }: HTMLSelectElement) =>
  Math.max(
    0,
    [...options].findLastIndex(({ defaultSelected }) => defaultSelected),
  );

/** What a form would send had nobody touched it. */
function untouched(form: HTMLFormElement): Written {
  const copy = form.cloneNode(true) as HTMLFormElement;
  copy.reset();
  return written(copy);
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
    if (typedBefore(form)) start.current = untouched(form);
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
