"use client";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { Button } from "./button";

/** Asks where a link leads; empty when nowhere after all. */
export function LinkRow({ onLink }: { onLink: (href: string) => void }) {
  const t = useTranslations("ui.rich");
  const input = useRef<HTMLInputElement>(null);
  const done = () => {
    const typed = input.current?.value.trim() ?? "";
    onLink(
      /^[^\s@/]+@[^\s@/]+$/.test(typed)
        ? `mailto:${typed}`
        : typed && !/^[a-z]+:/i.test(typed)
          ? `https://${typed}`
          : typed,
    );
  };
  return (
    // Typing here is not writing in the letter yet.
    <div
      className="flex flex-wrap items-center gap-2 border-b border-line p-2"
      onInput={(event) => event.stopPropagation()}
    >
      <input
        ref={input}
        // biome-ignore lint/a11y/noAutofocus: it appears because its button was pressed
        autoFocus
        type="text"
        inputMode="url"
        aria-label={t("address")}
        placeholder="https://"
        className="field-box min-w-0 flex-1"
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
          if (event.key === "Escape") onLink("");
          if (event.key === "Enter" || event.key === "Escape") event.preventDefault();
        }}
      />
      <Button size="sm" onClick={done}>
        {t("insert")}
      </Button>
    </div>
  );
}
