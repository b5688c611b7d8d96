import { useTranslations } from "next-intl";
import type { OrganisationDetail } from "#lib/people/organisations/queries";
import { Card } from "#ui/card";
import { Form, type FormAction, FormActions, SubmitButton } from "#ui/form";
import { LinkButton } from "#ui/link-button";
import { TextArea, TextField } from "#ui/text-field";

type Props = { action: FormAction; organisation?: OrganisationDetail };

export function OrganisationForm({ action, organisation }: Props) {
  const t = useTranslations("organisations");
  return (
    <Card className="max-w-3xl">
      <Form action={action} namespace="organisations" className="gap-8">
        {organisation && (
          <>
            <input type="hidden" name="id" value={organisation.id} />
            <input type="hidden" name="version" value={organisation.updatedAt.toISOString()} />
          </>
        )}
        <Identity organisation={organisation} />
        <Reach organisation={organisation} />
        <TextArea name="notes" label={t("fields.notes")} defaultValue={organisation?.notes} />
        <FormActions>
          <SubmitButton>{organisation ? t("save") : t("create")}</SubmitButton>
          <LinkButton
            href={organisation ? `/organisations/${organisation.id}` : "/organisations"}
            variant="ghost"
          >
            {t("cancel")}
          </LinkButton>
        </FormActions>
      </Form>
    </Card>
  );
}

function Identity({ organisation }: Pick<Props, "organisation">) {
  const t = useTranslations("organisations");
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-3 font-display text-lg font-semibold">{t("groups.identity")}</legend>
      <TextField
        name="name"
        label={t("fields.name")}
        defaultValue={organisation?.name}
        required
        autoComplete="off"
        className="sm:col-span-2"
      />
      <TextField
        name="siret"
        label={t("fields.siret")}
        hint={t("hints.siret")}
        inputMode="numeric"
        defaultValue={organisation?.siret ?? ""}
      />
      <TextField
        name="siren"
        label={t("fields.siren")}
        hint={t("hints.siren")}
        inputMode="numeric"
        defaultValue={organisation?.siren ?? ""}
      />
      <TextField name="sector" label={t("fields.sector")} defaultValue={organisation?.sector} />
      <TextField
        name="headcount"
        label={t("fields.headcount")}
        inputMode="numeric"
        defaultValue={organisation?.headcount ?? ""}
      />
    </fieldset>
  );
}

function Reach({ organisation }: Pick<Props, "organisation">) {
  const t = useTranslations("organisations");
  const text = (
    name: "phone" | "email" | "website" | "street" | "postcode" | "city",
    type = "text",
    className = "",
  ) => (
    <TextField
      name={name}
      type={type}
      label={t(`fields.${name}`)}
      defaultValue={organisation?.[name]}
      className={className}
      autoComplete="off"
    />
  );
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-3 font-display text-lg font-semibold">{t("groups.reach")}</legend>
      {text("phone", "tel")}
      {text("email", "email")}
      {text("website", "text", "sm:col-span-2")}
      {text("street", "text", "sm:col-span-2")}
      {text("postcode")}
      {text("city")}
      <TextField
        name="country"
        label={t("fields.country")}
        maxLength={2}
        defaultValue={organisation?.country ?? "FR"}
      />
    </fieldset>
  );
}
