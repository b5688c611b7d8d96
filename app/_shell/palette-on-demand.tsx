"use client";
import { lazy, Suspense, useEffect, useState } from "react";
import type { PaletteProps } from "./palette";
import { openPalette } from "./palette-button";

const Palette = lazy(() => import("./palette"));

/** Ctrl-K, ⌘K or its button brings the palette; a page whose reader never asks for it does not carry it. */
export function PaletteOnDemand(props: Omit<PaletteProps, "calls">) {
  const [calls, setCalls] = useState(0);
  useEffect(() => {
    const call = () => setCalls((count) => count + 1);
    const keys = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      call();
    };
    window.addEventListener("keydown", keys);
    window.addEventListener(openPalette, call);
    return () => {
      window.removeEventListener("keydown", keys);
      window.removeEventListener(openPalette, call);
    };
  }, []);
  if (calls === 0) return null;
  return (
    <Suspense>
      <Palette {...props} calls={calls} />
    </Suspense>
  );
}
