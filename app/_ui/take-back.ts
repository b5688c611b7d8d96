"use client";
import { useTranslations } from "next-intl";
import { startTransition } from "react";
import type { ActionState } from "#lib/gates/action";
import type { FormAction } from "./form";
import { useReason } from "./form-context";
import { type Undo, useToast } from "./toast";

/** What the sentence of an act that can be taken back offers. */
export function useTakeBack(undo: FormAction | undefined) {
  const t = useTranslations("ui");
  const reason = useReason();
  const toast = useToast();
  return (given: ActionState): Undo | undefined => {
    const fields = given?.ok ? (given.data as { undo?: Record<string, string | number> })?.undo : undefined;
    if (!undo || !fields) return undefined;
    const act = () =>
      startTransition(async () => {
        const form = new FormData();
        for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
        const answer = await undo(null, form);
        toast(
          answer?.ok ? t("undone") : answer && "reason" in answer ? reason(answer.reason) : reason("unknown"),
        );
      });
    return { label: t("undo"), act };
  };
}
