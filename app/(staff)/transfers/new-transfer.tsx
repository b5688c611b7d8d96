import { useTranslations } from "next-intl";
import { Card } from "#ui/card";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { noteBank } from "./actions";

/** A transfer whose label the bank cut short, or whose statement nobody exports. */
export function NewTransfer({ year }: { year: number }) {
  const t = useTranslations("transfers");
  return (
    <Card title={t("byHand")} description={t("byHandText")}>
      <Form action={noteBank} namespace="transfers" done={t("one.saved")} resets>
        <input type="hidden" name="campaignYear" value={year} />
        <div className="grid gap-5 lg:grid-cols-3">
          <TextField
            name="number"
            label={t("preview.number")}
            inputMode="numeric"
            required
            autoComplete="off"
          />
          <TextField name="amount" label={t("one.amount")} inputMode="decimal" required autoComplete="off" />
          <TextField name="valueDate" type="date" label={t("one.valueDate")} />
        </div>
        <FormActions>
          <SubmitButton variant="secondary">{t("one.save")}</SubmitButton>
        </FormActions>
      </Form>
    </Card>
  );
}
