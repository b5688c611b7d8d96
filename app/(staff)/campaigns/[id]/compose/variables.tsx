"use client";
import { useTranslations } from "next-intl";
import { type RefObject, useState } from "react";
import { useHydrated } from "#app/_ui/use-hydrated.ts";
import { Button } from "#ui/button";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";

export type Writable = HTMLInputElement | HTMLTextAreaElement;

const offered = [
  "contact.firstName",
  "contact.lastName",
  "contact.graduationYear",
  "organisation.name",
] as const;
type Variable = (typeof offered)[number];

/** Puts a personal variable, with what to say when nothing is known, where the cursor was last. */
export function Variables({ last }: { last: RefObject<Writable | null> }) {
  const t = useTranslations("campaigns.compose");
  const [variable, setVariable] = useState<Variable>("contact.firstName");
  const [fallback, setFallback] = useState<string>(t("fallbacks.contact.firstName"));
  if (!useHydrated()) return null;
  const choose = (value: string) => {
    const known = offered.find((one) => one === value) ?? "contact.firstName";
    setVariable(known);
    setFallback(t(`fallbacks.${known}`));
  };
  const insert = () => {
    const field = last.current;
    if (!field?.isConnected) return;
    const slot = `{{ ${variable} | default: "${fallback.replace(/["{}\\]/g, "")}" }}`;
    field.setRangeText(
      slot,
      field.selectionStart ?? field.value.length,
      field.selectionEnd ?? field.value.length,
      "end",
    );
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };
  return (
    <details className="rounded-card border border-line bg-surface shadow-card">
      <summary className="min-h-11 px-5 py-3 font-medium text-brand-text">{t("variables")}</summary>
      <div className="flex flex-col gap-4 px-5 pb-5">
        <p className="text-sm text-faint">{t("variablesHint")}</p>
        <div className="grid items-end gap-4 sm:grid-cols-[1fr_1fr_auto]">
          <Select
            label={t("variables")}
            labelHidden
            value={variable}
            onChange={(event) => choose(event.target.value)}
            options={offered.map((value) => ({ value, label: t(`variable.${value}`) }))}
          />
          <TextField
            label={t("fallback")}
            value={fallback}
            onChange={(event) => setFallback(event.target.value)}
          />
          <Button onClick={insert}>{t("insert")}</Button>
        </div>
      </div>
    </details>
  );
}
