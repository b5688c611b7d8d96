"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef } from "react";
import { Button } from "./button";
import { cx } from "./class";

/** Something on this page that leaving would lose. */
type Unsaved = {
  dirty: () => boolean;
  /** Keeps it without asking; true when nothing is left to lose. */
  save?: () => Promise<boolean>;
};

const kept = new Set<Unsaved>();
const losing = () => [...kept].filter((one) => one.dirty());

/** While mounted, leaving the page saves what `save` can and asks about the rest. */
export function useUnsaved(unsaved: Unsaved) {
  const latest = useRef(unsaved);
  latest.current = unsaved;
  useEffect(() => {
    const own: Unsaved = {
      dirty: () => latest.current.dirty(),
      save: latest.current.save && (() => latest.current.save?.() ?? Promise.resolve(false)),
    };
    kept.add(own);
    return () => {
      kept.delete(own);
    };
  }, []);
}

let ask: (go: () => void) => void = (go) => go();

/** Goes when nothing would be lost, or once somebody said so. For what moves by script: the palette, a row. */
export async function leave(go: () => void): Promise<void> {
  for (const one of losing()) await one.save?.();
  if (losing().length === 0) go();
  else ask(go);
}

/** Once a page: hears links, the browser's Back where it can be heard, and the closing of the tab. */
export function LeaveGuard() {
  const t = useTranslations("ui.leave");
  const id = useId();
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const stay = useRef<HTMLButtonElement>(null);
  const go = useRef(() => {});
  useEffect(() => {
    ask = (wanted) => {
      go.current = wanted;
      if (!dialog.current?.open) dialog.current?.showModal();
      // Enter must not throw away what was written.
      stay.current?.focus();
    };
    const stop = listen((href) => router.push(href));
    return () => {
      stop();
      ask = (wanted) => wanted();
    };
  }, [router]);
  const anyway = () => {
    // What is given up is no longer asked about: neither by the page that is left, nor by Back.
    kept.clear();
    dialog.current?.close();
    go.current();
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      className={cx(
        "w-[calc(100%-2rem)] max-w-lg rounded-card border border-line bg-raised p-6 text-ink shadow-pop",
      )}
    >
      <h2 id={`${id}-title`} className="font-display text-xl font-semibold">
        {t("title")}
      </h2>
      <p id={`${id}-text`} className="mt-2 text-soft">
        {t("text")}
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-3">
        <Button onClick={anyway}>{t("leave")}</Button>
        <Button ref={stay} variant="primary" onClick={() => dialog.current?.close()}>
          {t("stay")}
        </Button>
      </div>
    </dialog>
  );
}

function listen(push: (href: string) => void): () => void {
  // Before React hears it, so that Next's own link does not leave first.
  const clicked = (event: MouseEvent) => {
    const href = wayOut(event);
    if (!href || losing().length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void leave(() => push(href));
  };
  const closing = (event: BeforeUnloadEvent) => {
    if (losing().length > 0) event.preventDefault();
  };
  const back = (event: NavigateEvent) => {
    if (event.navigationType !== "traverse" || event.destination.sameDocument === false) return;
    if (!event.cancelable || losing().length === 0) return;
    const { key } = event.destination;
    event.preventDefault();
    void leave(() => void navigation.traverseTo(key));
  };
  window.addEventListener("click", clicked, true);
  window.addEventListener("beforeunload", closing);
  if ("navigation" in window) navigation.addEventListener("navigate", back);
  return () => {
    window.removeEventListener("click", clicked, true);
    window.removeEventListener("beforeunload", closing);
    if ("navigation" in window) navigation.removeEventListener("navigate", back);
  };
}

/** Where a click leads inside the application, in this tab; null for anything else: the browser asks by itself. */
function wayOut(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = (event.target as Element | null)?.closest?.<HTMLAnchorElement>("a[href]");
  if (!link || link.target === "_blank" || link.hasAttribute("download")) return null;
  const to = new URL(link.href, location.href);
  const samePage = to.pathname === location.pathname && to.search === location.search;
  if (to.origin !== location.origin || samePage) return null;
  return to.pathname + to.search + to.hash;
}
