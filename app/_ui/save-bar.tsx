"use client";
import { CircleCheck, CircleDashed, CircleX, LoaderCircle } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { Button } from "./button";
import type { SaveState } from "./use-autosave";

/** Says at every moment whether what was typed is kept. */
export function SaveBar({ state, withButton }: { state: SaveState; withButton?: boolean }) {
  const t = useTranslations("ui.saving");
  return (
    <div
      className={
        withButton
          ? "flex flex-wrap items-center gap-4"
          : "sticky top-0 z-10 -mb-2 flex min-h-8 items-center max-xl:top-14 max-lg:top-28"
      }
    >
      {withButton && (
        <Button type="submit" name="intent" value="save">
          {t("save")}
        </Button>
      )}
      <p
        role={withButton ? undefined : "status"}
        className="inline-flex items-center gap-2 rounded-full border border-line bg-surface px-3 py-1 text-sm text-soft shadow-card [&_svg]:size-4"
      >
        <Told state={state} />
      </p>
    </div>
  );
}

function Told({ state: { status, savedAt } }: { state: SaveState }) {
  const t = useTranslations("ui.saving");
  const format = useFormatter();
  switch (status) {
    case "saving":
      return (
        <>
          <LoaderCircle aria-hidden className="animate-spin" />
          {t("saving")}
        </>
      );
    case "dirty":
      return (
        <>
          <CircleDashed aria-hidden />
          {t("unsaved")}
        </>
      );
    case "failed":
      return (
        <>
          <CircleX aria-hidden className="text-bad" />
          {t("notSaved")}
        </>
      );
    case "idle":
      return (
        <>
          <CircleCheck aria-hidden className="text-good" />
          {t("savedAt", { time: format.dateTime(savedAt, { hour: "2-digit", minute: "2-digit" }) })}
        </>
      );
  }
}
