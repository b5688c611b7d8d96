import { useTranslations } from "next-intl";
import { noteVariables } from "#lib/tax/years/rules";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextArea } from "#ui/text-field";
import { saveNote } from "../actions";

/** The text of the campaign's notes, with what may be merged into it. */
export function NoteText({ year, text, version }: { year: number; text: string; version: string }) {
  const t = useTranslations("pledges.thanks");
  return (
    <Form action={saveNote} namespace="pledges" done={t("saved")}>
      <input type="hidden" name="campaignYear" value={year} />
      <input type="hidden" name="version" value={version} />
      <TextArea
        name="thanks"
        label={t("field")}
        hint={t("variables", { names: noteVariables.map((name) => `{{ ${name} }}`).join(", ") })}
        defaultValue={text}
        rows={9}
      />
      <FormActions>
        <SubmitButton variant="secondary">{t("save")}</SubmitButton>
      </FormActions>
    </Form>
  );
}
