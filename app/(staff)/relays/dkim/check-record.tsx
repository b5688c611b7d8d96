"use client";
import { SearchCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ActionState } from "#lib/gates/action";
import { checkResults } from "#lib/letters/dkim/schema";
import { Alert } from "#ui/alert";
import { Check } from "#ui/check";
import { check } from "./actions";

/** Looks the record up and says what was found. */
export function CheckRecord({ id }: { id: number }) {
  const t = useTranslations("dkim");
  return (
    <Check action={check} fields={{ id }} icon={<SearchCheck aria-hidden />} label={t("check")}>
      {(answer) => <Answer state={answer} />}
    </Check>
  );
}

function Answer({ state }: { state: NonNullable<ActionState> }) {
  const t = useTranslations("dkim");
  const errors = useTranslations("errors");
  if (!state.ok) {
    const reason = "reason" in state ? state.reason : "unknown";
    if (reason === "notFound") return <Alert tone="bad">{t("errors.notFound")}</Alert>;
    return (
      <Alert tone="bad">
        {reason === "signedOut" || reason === "forbidden" ? errors(reason) : errors("unknown")}
      </Alert>
    );
  }
  const result = checkResults.find((one) => one === state.data) ?? "unreachable";
  return <Alert tone={result === "right" ? "good" : "warn"}>{t(`results.${result}`)}</Alert>;
}
