import { useTranslations } from "next-intl";
import type { TransferRow } from "#lib/tax/transfers/queries";
import { Card } from "#ui/card";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { noteBank } from "../actions";

/** The bank's word, noted or corrected by hand. */
export function Bank({ transfer }: { transfer: TransferRow }) {
  const t = useTranslations("transfers.one");
  const { campaignYear, number, version, bankCents, valueDate } = transfer;
  const cents = bankCents === null ? "" : (bankCents / 100).toFixed(2).replace(".", ",");
  return (
    <Card title={t("bank")} description={t("bankHint")}>
      <Form action={noteBank} namespace="transfers" done={t("saved")} key={version}>
        <input type="hidden" name="campaignYear" value={campaignYear} />
        <input type="hidden" name="number" value={number} />
        <input type="hidden" name="version" value={version} />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            name="amount"
            label={t("amount")}
            inputMode="decimal"
            defaultValue={cents}
            required
            autoComplete="off"
          />
          <TextField name="valueDate" type="date" label={t("valueDate")} defaultValue={valueDate ?? ""} />
        </div>
        <FormActions>
          <SubmitButton>{t("save")}</SubmitButton>
        </FormActions>
      </Form>
    </Card>
  );
}
