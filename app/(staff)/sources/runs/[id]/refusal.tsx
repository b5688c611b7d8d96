import { useTranslations } from "next-intl";
import type { RunDetail } from "#lib/sites/sources/queries";
import { Alert } from "#ui/alert";

/** Why the whole file was refused, where, and what to do about it. */
export function Refusal({ run }: { run: RunDetail }) {
  const t = useTranslations("sources");
  const reason = run.error ?? "failure";
  return (
    <Alert tone="bad" title={t("run.refused")}>
      <p>
        {run.errorLine !== null && t("run.line", { line: run.errorLine })}
        {t(`refusal.${reason}.what`, run.errorData as Record<string, string>)}
      </p>
      <p className="mt-1 text-soft">{t(`refusal.${reason}.cure`, run.errorData as Record<string, string>)}</p>
    </Alert>
  );
}
