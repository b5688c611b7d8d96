import { useTranslations } from "next-intl";
import { mostBands } from "#lib/tax/rates/rules";
import type { Band } from "#lib/tax/rules/rates";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { recordBands } from "../actions";

const columns = ["below", "rate", "large"] as const;

/** All bands of the CSA at once, from a month of pay on: they only make sense together. */
export function RecordBands({ bands }: { bands: Band[] }) {
  const t = useTranslations("tax.rates");
  return (
    <Form action={recordBands} namespace="tax" done={t("bandsSaved")}>
      {Array.from({ length: mostBands }, (_, at) => at).map((at) => (
        <fieldset key={at} className="grid grid-cols-3 items-end gap-3 sm:gap-5">
          <legend className="sr-only">{t("bandNumber", { number: at + 1 })}</legend>
          {columns.map((column) => (
            <TextField
              key={column}
              name={`${column}${at}`}
              label={t(`bandFields.${column}`)}
              defaultValue={bands[at]?.[column]?.replace(".", ",")}
              inputMode="decimal"
              autoComplete="off"
            />
          ))}
        </fieldset>
      ))}
      <div className="grid gap-5 sm:grid-cols-3">
        <TextField name="month" type="month" label={t("month")} required />
        <TextField
          name="source"
          label={t("source")}
          hint={t("sourceHint")}
          required
          autoComplete="off"
          className="sm:col-span-2"
        />
      </div>
      <FormActions>
        <SubmitButton variant="secondary">{t("saveBands")}</SubmitButton>
      </FormActions>
    </Form>
  );
}
