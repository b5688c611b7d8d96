"use client";
import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { iconButtonClass } from "#ui/icon-button";
import { Kbd } from "#ui/kbd";

/** The palette listens for it, wherever the button stands. */
export const openPalette = "palette:open";

export function PaletteButton({ compact }: { compact?: boolean }) {
  const t = useTranslations("app");
  const open = () => window.dispatchEvent(new Event(openPalette));
  if (compact)
    return (
      <button
        type="button"
        onClick={open}
        aria-label={t("search")}
        aria-haspopup="dialog"
        className={iconButtonClass}
      >
        <Search aria-hidden />
      </button>
    );
  return (
    <button
      type="button"
      onClick={open}
      aria-haspopup="dialog"
      aria-keyshortcuts="Control+K Meta+K"
      className="flex min-h-9 items-center gap-2.5 rounded-field border border-line bg-surface px-3 text-sm text-faint shadow-card transition-colors hover:border-edge hover:text-ink pointer-coarse:min-h-11"
    >
      <Search aria-hidden className="size-4" />
      <span className="flex-1 text-start">{t("searchHint")}</span>
      <Kbd>Ctrl K</Kbd>
    </button>
  );
}
