"use client";
import { LogIn, Send } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ActionState } from "#lib/gates/action";
import { failureKeys } from "#lib/letters/relays/schema";
import { Alert } from "#ui/alert";
import { Check } from "#ui/check";
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
  return (
    <Check
      action={check}
      fields={{ id, what }}
      icon={what === "smtp" ? <Send aria-hidden /> : <LogIn aria-hidden />}
      label={what === "smtp" ? t("checkSmtp") : t("checkImap")}
    >
      {(answer) => <Answer state={answer} what={what} />}
    </Check>
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
