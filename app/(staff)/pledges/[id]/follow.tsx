import { Check } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import type { Tie } from "#lib/tax/companies/rules";
import type { PledgeDetail } from "#lib/tax/pledges/queries";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { Combobox } from "#ui/combobox";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextArea, TextField } from "#ui/text-field";
import { edit, log, tick } from "../actions";

/** Who follows a pledge, and what comes next. */
export function Follow({ pledge, owners }: { pledge: PledgeDetail; owners: { id: number; name: string }[] }) {
  const t = useTranslations("pledges");
  return (
    <Card title={t("page.follow")}>
      <Form key={pledge.version} action={edit} namespace="pledges" done={t("page.saved")}>
        <input type="hidden" name="id" value={pledge.id} />
        <input type="hidden" name="version" value={pledge.version} />
        <Select
          name="ownerId"
          label={t("owner")}
          placeholder={t("nobody")}
          defaultValue={pledge.ownerId === null ? "" : String(pledge.ownerId)}
          options={owners.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
        <TextField
          name="nextStep"
          label={t("page.nextStep")}
          defaultValue={pledge.nextStep}
          autoComplete="off"
        />
        <TextField name="nextOn" type="date" label={t("page.nextOn")} defaultValue={pledge.nextOn ?? ""} />
        <Select
          name="covers"
          label={t("page.covers")}
          hint={t("page.coversHint")}
          defaultValue={pledge.covers}
          options={(["siret", "siren"] as const).map((value) => ({ value, label: t(`covers.${value}`) }))}
        />
        <Combobox
          name="openedBy"
          label={t("page.openedBy")}
          hint={t("page.openedByHint")}
          searchHref="/contacts/options"
          options={
            pledge.openedById === null
              ? []
              : [{ value: String(pledge.openedById), label: pledge.openedBy || "—" }]
          }
          defaultValue={pledge.openedById === null ? undefined : String(pledge.openedById)}
        />
        <TextField
          name="correction"
          label={t("page.correction")}
          hint={t("page.correctionHint")}
          defaultValue={
            pledge.correctionCents === "0"
              ? ""
              : String(Number(pledge.correctionCents) / 100).replace(".", ",")
          }
          autoComplete="off"
        />
        <FormActions>
          <SubmitButton>{t("page.save")}</SubmitButton>
        </FormActions>
      </Form>
    </Card>
  );
}

/** A call or a mail, written down as it ends. */
export function Log({ pledge, people }: { pledge: PledgeDetail; people: Tie[] }) {
  const t = useTranslations("pledges");
  const known = new Map(people.filter(({ past }) => !past).map(({ id, name }) => [id, name]));
  return (
    <Card title={t("page.log")}>
      <Form action={log} namespace="pledges" done={t("page.logged")} resets>
        <input type="hidden" name="id" value={pledge.id} />
        <div className="grid gap-5 sm:grid-cols-2">
          <Select
            name="kind"
            label={t("page.logKind")}
            defaultValue="called"
            options={(["called", "mailed"] as const).map((value) => ({ value, label: t(`page.${value}`) }))}
          />
          <Select
            name="contactId"
            label={t("page.with")}
            placeholder={t("channels.none")}
            options={[...known].map(([id, name]) => ({ value: String(id), label: name }))}
          />
        </div>
        <TextArea name="note" label={t("page.note")} hint={t("move.whyHint")} rows={2} />
        <FormActions>
          <SubmitButton>{t("page.log")}</SubmitButton>
        </FormActions>
      </Form>
    </Card>
  );
}

/** What the calendar asks for now. */
export function Reminders({ pledge, edits }: { pledge: PledgeDetail; edits: boolean }) {
  const t = useTranslations("pledges");
  const locale = useLocale();
  return (
    <Card title={t("page.reminders")}>
      <ul className="flex flex-col divide-y divide-line">
        {pledge.reminders.map(({ rule, dueOn }) => (
          <li key={rule} className="flex flex-wrap items-center justify-between gap-3 py-2">
            <span>
              {t(`rules.${rule as "opening1"}`)}
              <span className="block text-sm text-soft">{formatDate(new Date(dueOn), locale)}</span>
            </span>
            {edits && (
              <ActionButton
                action={tick}
                fields={{ id: pledge.id, rule }}
                namespace="pledges"
                done={t("page.ticked")}
                size="sm"
                icon={<Check aria-hidden />}
              >
                {t("page.tick")}
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
