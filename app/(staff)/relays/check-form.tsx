"use client";
import { LogIn, Send } from "lucide-react";
import { useTranslations } from "next-intl";
import { startTransition, useActionState } from "react";
import type { ActionState } from "#lib/gates/action";
import { failureKeys } from "#lib/letters/relays/schema";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";
import { check } from "./actions";

/** Tries the stored settings and says what happened, in words. */
export function CheckForm({ id, hasImap }: { id: number; hasImap: boolean }) {
  const t = useTranslations("relays");
  return (
    <div className="flex flex-col gap-5">
      <p className="text-sm text-soft">{t("checkText")}</p>
      <Try id={id} what="smtp" />
      {hasImap && <Try id={id} what="imap" />}
    </div>
  );
}

function Try({ id, what }: { id: number; what: "smtp" | "imap" }) {
  const t = useTranslations("relays");
  const [state, run, pending] = useActionState(check, null);
  const label = what === "smtp" ? t("checkSmtp") : t("checkImap");
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
      <input type="hidden" name="what" value={what} />
      <Button
        type="submit"
        pending={pending}
        icon={what === "smtp" ? <Send aria-hidden /> : <LogIn aria-hidden />}
      >
        {label}
      </Button>
      {!pending && state && <Answer state={state} what={what} />}
    </form>
  );
}

function Answer({ state, what }: { state: NonNullable<ActionState>; what: "smtp" | "imap" }) {
  const t = useTranslations("relays");
  const errors = useTranslations("errors");
  if (state.ok) return <Alert tone="good">{what === "smtp" ? t("checkOkSmtp") : t("checkOkImap")}</Alert>;
  const reason = "reason" in state ? state.reason : "unknown";
  if (reason === "signedOut" || reason === "forbidden" || reason === "notFound")
    return <Alert tone="bad">{errors(reason)}</Alert>;
  if (reason === "sealLost") return <Alert tone="bad">{t("failures.sealLost")}</Alert>;
  return <Alert tone="bad">{t(`failures.${failureKeys.find((key) => key === reason) ?? "unknown"}`)}</Alert>;
}
