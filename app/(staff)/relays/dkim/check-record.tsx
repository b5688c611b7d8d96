"use client";
import { SearchCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { startTransition, useActionState } from "react";
import type { ActionState } from "#lib/gates/action";
import { checkResults } from "#lib/letters/dkim/schema";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";
import { check } from "./actions";

/** Looks the record up and says what was found. */
export function CheckRecord({ id }: { id: number }) {
  const t = useTranslations("dkim");
  const [state, run, pending] = useActionState(check, null);
  return (
    <form
      action={run}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        startTransition(() => run(form));
      }}
      className="flex flex-col items-start gap-3"
    >
      <input type="hidden" name="id" value={id} />
      <Button type="submit" pending={pending} icon={<SearchCheck aria-hidden />}>
        {t("check")}
      </Button>
      {!pending && state && <Answer state={state} />}
    </form>
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
