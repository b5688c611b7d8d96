"use client";
import { type ReactNode, useEffect, useState } from "react";
import { useHydrated } from "#app/_ui/use-hydrated.ts";
import { cx } from "#ui/class";

type Pane = "write" | "preview";
type Props = { label: string; labels: Record<Pane, string>; write: ReactNode; preview: ReactNode };

/** Writing and preview side by side; where there is no room, one at a time, a touch apart. Without scripts, one under the other. */
export function Panes({ label, labels, write, preview }: Props) {
  const [shown, show] = useState<Pane>("write");
  const chooses = useHydrated();
  useEffect(() => {
    // A finding leads to the field it is about.
    const follow = () => {
      show("write");
      requestAnimationFrame(() => document.getElementById(location.hash.slice(1))?.scrollIntoView());
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  const away = (pane: Pane) => chooses && shown !== pane && "max-xl:hidden";
  return (
    <>
      {chooses && (
        <fieldset
          aria-label={label}
          className="sticky top-14 z-10 mb-4 flex rounded-field border border-line bg-sunken p-0.5 lg:top-2 xl:hidden"
        >
          {(["write", "preview"] as const).map((pane) => (
            <button
              key={pane}
              type="button"
              aria-pressed={shown === pane}
              onClick={() => show(pane)}
              className={cx(
                "min-h-10 flex-1 rounded-[0.5rem] font-medium pointer-coarse:min-h-11",
                shown === pane ? "bg-surface text-ink shadow-card" : "text-soft hover:text-ink",
              )}
            >
              {labels[pane]}
            </button>
          ))}
        </fieldset>
      )}
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,29rem)]">
        <div className={cx("min-w-0", away("write"))}>{write}</div>
        <div
          className={cx(
            "flex min-w-0 flex-col gap-5 xl:sticky xl:top-6 xl:max-h-[calc(100dvh-3rem)] xl:overflow-y-auto",
            away("preview"),
          )}
        >
          {preview}
        </div>
      </div>
    </>
  );
}
