import { useTranslations } from "next-intl";
import type { Stance } from "#lib/tax/companies/queries";
import { toldReasons } from "#lib/tax/companies/schema";
import { Card } from "#ui/card";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { setStance } from "./actions";

/** Whether we may ask this company; where it is in Alsace-Moselle, nobody has to say it. */
export function StanceCard({
  organisationId,
  stance,
  edits,
}: {
  organisationId: number;
  stance: Stance;
  edits: boolean;
}) {
  const t = useTranslations("pledges.company");
  const { reason, note } = stance;
  const local = reason === "alsaceMoselle";
  const told = local ? "" : (reason ?? "");
  return (
    <Card
      title={t("stance")}
      actions={
        edits &&
        !local && (
          <Dialog trigger={{ label: t("change"), size: "sm" }} title={t("stance")}>
            <Form action={setStance} namespace="pledges" done={t("stanceSaved")}>
              <input type="hidden" name="organisationId" value={organisationId} />
              <Select
                name="reason"
                label={t("stance")}
                defaultValue={told}
                options={[
                  { value: "", label: t("options.none") },
                  ...toldReasons.map((value) => ({ value, label: t(`options.${value}`) })),
                ]}
              />
              <TextField name="note" label={t("note")} defaultValue={note} autoComplete="off" />
              <FormActions>
                <SubmitButton>{t("saveStance")}</SubmitButton>
              </FormActions>
            </Form>
          </Dialog>
        )
      }
    >
      <p className={reason ? "font-medium text-warn" : ""}>
        {reason ? t("mayNot", { reason: t(`reasons.${reason}`) }) : t("may")}
      </p>
      {note && !local && <p className="mt-1 text-soft">{note}</p>}
    </Card>
  );
}
