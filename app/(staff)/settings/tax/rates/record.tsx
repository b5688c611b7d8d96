import { useTranslations } from "next-intl";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { type Option, Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { recordRate } from "../actions";

export function RecordRate({ keys }: { keys: Option[] }) {
  const t = useTranslations("tax.rates");
  return (
    <Form action={recordRate} namespace="tax" done={t("saved")}>
      <div className="grid gap-5 sm:grid-cols-3">
        <Select name="key" label={t("key")} options={keys} placeholder="—" required />
        <TextField name="month" type="month" label={t("month")} required />
        <TextField
          name="value"
          label={t("value")}
          hint={t("valueHint")}
          inputMode="decimal"
          required
          autoComplete="off"
        />
      </div>
      <TextField name="source" label={t("source")} hint={t("sourceHint")} required autoComplete="off" />
      <FormActions>
        <SubmitButton>{t("save")}</SubmitButton>
      </FormActions>
    </Form>
  );
}
