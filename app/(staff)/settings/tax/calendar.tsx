import { useTranslations } from "next-intl";
import { inForce, type Milestone } from "#lib/tax/years/queries";
import { milestoneKinds } from "#lib/tax/years/rules";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { saveCalendar } from "./actions";

/** The dates in force; who changes one says where it was read. */
export function Calendar({ year, milestones }: { year: number; milestones: Milestone[] }) {
  const t = useTranslations("tax.campaigns");
  const now = inForce(milestones);
  return (
    <Form action={saveCalendar} namespace="tax" done={t("calendarSaved")}>
      <input type="hidden" name="campaignYear" value={year} />
      <input type="hidden" name="version" value={now?.updatedAt.toISOString() ?? ""} />
      <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        {milestoneKinds.map((kind) => (
          <TextField
            key={kind}
            name={kind}
            type="date"
            label={t(`kinds.${kind}`)}
            defaultValue={now?.days[kind]}
          />
        ))}
      </div>
      <TextField name="source" label={t("source")} hint={t("sourceHint")} autoComplete="off" />
      <FormActions>
        <SubmitButton>{t("saveCalendar")}</SubmitButton>
      </FormActions>
    </Form>
  );
}
