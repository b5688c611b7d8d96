import { useTranslations } from "next-intl";
import { type Mapping, mappedFields } from "#lib/sites/script/schema";
import { clearable } from "#lib/sites/sources/format";
import { Card } from "#ui/card";
import { Checkbox } from "#ui/checkbox";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { map } from "../../actions";

/** Which column of the site's table is which of our fields; what may be emptied. */
export function MappingForm({ id, mapping }: { id: number; mapping: Mapping }) {
  const t = useTranslations("sources.script");
  const plain = { autoComplete: "off", spellCheck: false } as const;
  return (
    <Card title={t("mapping")} description={t("mappingText")}>
      <Form action={map} namespace="sources" done={t("saved")}>
        <input type="hidden" name="id" value={id} />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField name="table" label={t("table")} defaultValue={mapping.table} {...plain} />
          <TextField name="key" label={t("key")} hint={t("keyHint")} defaultValue={mapping.key} {...plain} />
          {mappedFields.map((field) => (
            <TextField
              key={field}
              name={`column-${field}`}
              label={t(`fields.${field}`)}
              defaultValue={mapping.columns[field]}
              {...plain}
            />
          ))}
        </div>
        <fieldset className="flex flex-col gap-3">
          <legend className="font-medium">{t("clear")}</legend>
          <p className="text-sm text-soft">{t("clearHint")}</p>
          {[...clearable].map((field) => (
            <Checkbox
              key={field}
              name={`clear-${field}`}
              value="true"
              label={t(`fields.${field as "phone"}`)}
              defaultChecked={mapping.clear.includes(field)}
            />
          ))}
        </fieldset>
        <FormActions>
          <SubmitButton>{t("save")}</SubmitButton>
        </FormActions>
      </Form>
    </Card>
  );
}
