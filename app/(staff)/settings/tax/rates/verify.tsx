import { useTranslations } from "next-intl";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { verifyYear } from "../actions";

export function VerifyYear() {
  const t = useTranslations("tax.rates");
  const answers = [
    { value: "yes", label: t("yes") },
    { value: "no", label: t("no") },
  ];
  return (
    <Form action={verifyYear} namespace="tax" done={t("savedYear")}>
      <div className="grid gap-5 sm:grid-cols-3">
        <TextField name="payYear" label={t("payYear")} inputMode="numeric" required autoComplete="off" />
        <Select name="verified" label={t("isVerified")} options={answers} defaultValue="yes" />
        <TextField name="source" label={t("source")} required autoComplete="off" />
      </div>
      <FormActions>
        <SubmitButton variant="secondary">{t("saveYear")}</SubmitButton>
      </FormActions>
    </Form>
  );
}
