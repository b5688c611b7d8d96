import { useTranslations } from "next-intl";
import { contactKinds } from "#lib/people/contacts/schema";
import { Card } from "#ui/card";
import { Form, type FormAction, FormActions, SubmitButton } from "#ui/form";
import { LinkButton } from "#ui/link-button";
import { Select } from "#ui/select";
import { TextArea, TextField } from "#ui/text-field";

type Values = {
  id: number;
  updatedAt: Date;
  kind: string;
  firstName: string;
  lastName: string;
  graduationYear: number | null;
  phone: string;
  street: string;
  postcode: string;
  city: string;
  country: string;
  website: string;
  notes: string;
  locale: string;
};

/** The same form creates (with a first address) and edits. */
export function ContactForm({ action, contact }: { action: FormAction; contact?: Values }) {
  const t = useTranslations("contacts");
  return (
    <Card className="max-w-3xl">
      <Form action={action} namespace="contacts" className="gap-8">
        {contact && (
          <>
            <input type="hidden" name="id" value={contact.id} />
            <input type="hidden" name="version" value={contact.updatedAt.toISOString()} />
          </>
        )}
        <Identity contact={contact} />
        <Reach contact={contact} />
        <TextArea
          name="notes"
          label={t("fields.notes")}
          hint={t("hints.notes")}
          defaultValue={contact?.notes}
        />
        <FormActions>
          <SubmitButton>{contact ? t("save") : t("create")}</SubmitButton>
          <LinkButton href={contact ? `/contacts/${contact.id}` : "/contacts"} variant="ghost">
            {t("cancel")}
          </LinkButton>
        </FormActions>
      </Form>
    </Card>
  );
}

function Identity({ contact }: { contact?: Values }) {
  const t = useTranslations("contacts");
  const kinds = contactKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }));
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-3 font-display text-lg font-semibold">{t("groups.identity")}</legend>
      <TextField
        name="firstName"
        label={t("fields.firstName")}
        defaultValue={contact?.firstName}
        autoComplete="off"
      />
      <TextField
        name="lastName"
        label={t("fields.lastName")}
        defaultValue={contact?.lastName}
        required
        autoComplete="off"
      />
      <Select
        name="kind"
        label={t("fields.kind")}
        defaultValue={contact?.kind ?? "former_src"}
        options={kinds}
        required
      />
      <TextField
        name="graduationYear"
        label={t("fields.graduationYear")}
        hint={t("hints.graduationYear")}
        inputMode="numeric"
        maxLength={4}
        defaultValue={contact?.graduationYear ?? ""}
      />
    </fieldset>
  );
}

function Reach({ contact }: { contact?: Values }) {
  const t = useTranslations("contacts");
  const locales = (["fr", "en"] as const).map((locale) => ({ value: locale, label: t(`locales.${locale}`) }));
  const text = (
    name: "phone" | "website" | "street" | "postcode" | "city",
    type = "text",
    className = "",
  ) => (
    <TextField
      name={name}
      type={type}
      label={t(`fields.${name}`)}
      defaultValue={contact?.[name]}
      className={className}
      autoComplete="off"
    />
  );
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-3 font-display text-lg font-semibold">{t("groups.reach")}</legend>
      {!contact && (
        <TextField
          name="email"
          type="email"
          label={t("fields.email")}
          hint={t("hints.email")}
          autoComplete="off"
          className="sm:col-span-2"
        />
      )}
      {text("phone", "tel")}
      {text("website", "text")}
      {text("street", "text", "sm:col-span-2")}
      {text("postcode")}
      {text("city")}
      <TextField
        name="country"
        label={t("fields.country")}
        maxLength={2}
        defaultValue={contact?.country ?? "FR"}
      />
      <Select
        name="locale"
        label={t("fields.locale")}
        defaultValue={contact?.locale ?? "fr"}
        options={locales}
      />
    </fieldset>
  );
}
