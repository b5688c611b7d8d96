"use client";
import { useTranslations } from "next-intl";
import type { CSSProperties } from "react";
import { brandVariables } from "#lib/department/settings/rules";
import { buttonClass } from "#ui/button";
import { BrandMark } from "../../_shell/brand";

type Props = {
  name: string;
  shortName: string;
  primaryColor: string;
  accentColor: string;
  logo: string | null;
};

/** A corner of the application in the colours being chosen, light and dark side by side. */
export function BrandPreview(draft: Props) {
  const t = useTranslations("settings");
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm font-medium">{t("preview")}</p>
      <Corner {...draft} scheme="light" />
      <Corner {...draft} scheme="dark" />
    </div>
  );
}

function Corner({ scheme, ...draft }: Props & { scheme: "light" | "dark" }) {
  const t = useTranslations("settings");
  const style = {
    ...brandVariables(draft.primaryColor, draft.accentColor),
    colorScheme: scheme,
  } as CSSProperties;
  return (
    <div
      aria-hidden
      style={style}
      data-theme={scheme}
      className="scheme flex flex-col gap-3 rounded-card border border-line bg-canvas p-4 text-ink"
    >
      <div className="flex items-center gap-3">
        <BrandMark shell={draft} />
        <span className="min-w-0 leading-tight">
          <span className="block font-display font-semibold">{draft.shortName}</span>
          <span className="block truncate text-xs text-faint">{draft.name}</span>
        </span>
      </div>
      <div className="rounded-field bg-brand-soft px-3 py-2 font-medium text-brand-text">
        {t("previewEntry")}
      </div>
      <div className="flex items-center gap-3">
        <span className={buttonClass("primary", "sm")}>{t("previewButton")}</span>
        <span className="font-medium text-accent-text underline underline-offset-3">{t("previewLink")}</span>
      </div>
    </div>
  );
}
