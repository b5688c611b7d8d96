import { useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import { wallClock } from "#lib/machine/paris";
import { eurosOf, type TaxYear } from "#lib/tax/years/queries";
import { Alert } from "#ui/alert";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextArea, TextField } from "#ui/text-field";
import { saveEstablishment } from "./actions";

/** Our school as SOLTéA knows it in one campaign. */
export function Establishment({ year, told }: { year: number; told: TaxYear | null }) {
  const t = useTranslations("tax.campaigns");
  const locale = useLocale();
  const until = told?.accreditedUntil;
  const expired = until && until < wallClock(new Date()).slice(0, 10);
  return (
    <Form action={saveEstablishment} namespace="tax" done={t("saved")}>
      <input type="hidden" name="campaignYear" value={year} />
      <input type="hidden" name="version" value={told?.updatedAt.toISOString() ?? ""} />
      {expired && (
        <Alert tone="warn" title={t("expired", { date: formatDate(new Date(until), locale) })}>
          {t("expiredText")}
        </Alert>
      )}
      <div className="grid gap-5 md:grid-cols-2">
        <TextField
          name="uai"
          label={t("uai")}
          hint={t("uaiHint")}
          defaultValue={told?.uai}
          autoComplete="off"
        />
        <TextField
          name="iban"
          label={t("iban")}
          hint={told?.ibanEnd ? t("ibanKept", { end: told.ibanEnd }) : t("ibanHint")}
          autoComplete="off"
        />
        <TextField
          name="accreditedUntil"
          type="date"
          label={t("accredited")}
          hint={t("accreditedHint")}
          defaultValue={until ?? ""}
        />
        <TextField
          name="goal"
          label={t("goal")}
          hint={t("goalHint")}
          inputMode="decimal"
          defaultValue={eurosOf(told?.goalCents)}
          autoComplete="off"
        />
        <TextField
          name="hourly"
          label={t("hourly")}
          hint={t("hourlyHint")}
          inputMode="decimal"
          defaultValue={eurosOf(told?.hourlyCents)}
          autoComplete="off"
        />
      </div>
      <TextArea name="uses" label={t("uses")} hint={t("usesHint")} defaultValue={told?.uses} />
      <FormActions>
        <SubmitButton>{t("saveEstablishment")}</SubmitButton>
      </FormActions>
    </Form>
  );
}
