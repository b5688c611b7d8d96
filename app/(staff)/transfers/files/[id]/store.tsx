import { useTranslations } from "next-intl";
import { type FileKind, requiredOf } from "#lib/tax/transfers/columns";
import type { Preview } from "#lib/tax/transfers/preview";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { storeFile } from "../../actions";

/** Writes what was previewed: the columns go with it as they were shown. */
export function Store({ id, kind, preview }: { id: number; kind: FileKind; preview: Preview }) {
  const t = useTranslations("transfers");
  const missing = requiredOf[kind].filter((column) => preview.mapping[column] === undefined);
  if (missing.length > 0)
    return (
      <Alert tone="warn">
        {t("preview.missing", { columns: missing.map((column) => t(`fields.${column}`)).join(", ") })}
      </Alert>
    );
  return (
    <Card>
      <Form action={storeFile} namespace="transfers">
        <input type="hidden" name="id" value={id} />
        {Object.entries(preview.mapping).map(([column, at]) => (
          <input key={column} type="hidden" name={`in_${column}`} value={at} />
        ))}
        {kind === "list" ? (
          <div className="grid gap-5 sm:grid-cols-2">
            <TextField
              name="campaignYear"
              label={t("preview.campaignYear")}
              hint={t("preview.campaignYearHint")}
              inputMode="numeric"
              defaultValue={String(preview.campaignYear)}
              required
              autoComplete="off"
            />
            <TextField
              name="number"
              label={t("preview.number")}
              hint={t("preview.numberHint")}
              inputMode="numeric"
              autoComplete="off"
            />
          </div>
        ) : (
          <input type="hidden" name="campaignYear" value={preview.campaignYear} />
        )}
        <FormActions>
          <SubmitButton>{t("preview.store")}</SubmitButton>
        </FormActions>
      </Form>
    </Card>
  );
}
