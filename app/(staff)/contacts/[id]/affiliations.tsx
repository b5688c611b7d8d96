import { Plus, X } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ContactDetail } from "#lib/people/contacts/queries";
import { affiliationRoles } from "#lib/people/organisations/schema";
import { Card } from "#ui/card";
import { Combobox } from "#ui/combobox";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { affiliate, unaffiliate } from "../actions";

export function Affiliations({ contact, edits }: { contact: ContactDetail; edits: boolean }) {
  const t = useTranslations("contacts");
  const format = useFormatter();
  return (
    <Card title={t("affiliations.title")} actions={edits && <Add contactId={contact.id} />}>
      {contact.affiliations.length === 0 && <p className="text-soft">{t("affiliations.none")}</p>}
      <ul className="flex flex-col gap-3">
        {contact.affiliations.map(({ id, role, jobTitle, endedAt, organisation }) => (
          <li key={id} className="flex items-start justify-between gap-3">
            <div className="min-w-0">
              <Link
                href={`/organisations/${organisation.id}`}
                className="font-medium hover:text-brand-text hover:underline"
              >
                {organisation.name}
              </Link>
              <p className="text-sm text-faint">
                {[
                  t(`roles.${role}`),
                  jobTitle,
                  organisation.city,
                  endedAt &&
                    t("affiliations.ended", { at: format.dateTime(endedAt, { dateStyle: "medium" }) }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </div>
            {edits && (
              <ConfirmDialog
                trigger={{
                  label: t("affiliations.remove"),
                  icon: <X aria-hidden />,
                  variant: "ghost",
                  size: "sm",
                  iconOnly: true,
                }}
                title={t("affiliations.removeTitle", { name: organisation.name })}
                consequence={t("affiliations.removeText")}
                confirmLabel={t("affiliations.remove")}
                action={unaffiliate}
                fields={{ id }}
                namespace="contacts"
                done={t("affiliations.removed")}
                tone="danger"
              />
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Add({ contactId }: { contactId: number }) {
  const t = useTranslations("contacts");
  const roles = affiliationRoles.map((role) => ({ value: role, label: t(`roles.${role}`) }));
  return (
    <Dialog
      trigger={{
        label: t("affiliations.add"),
        icon: <Plus aria-hidden />,
        size: "sm",
        variant: "ghost",
        iconOnly: true,
      }}
      title={t("affiliations.add")}
    >
      <Form action={affiliate} namespace="contacts" done={t("affiliations.added")} resets>
        <input type="hidden" name="contactId" value={contactId} />
        <Combobox
          name="organisationId"
          label={t("affiliations.organisation")}
          searchHref="/organisations/options"
          required
        />
        <Select name="role" label={t("affiliations.role")} options={roles} defaultValue="employee" />
        <TextField name="jobTitle" label={t("affiliations.jobTitle")} autoComplete="off" />
        <FormActions>
          <SubmitButton>{t("affiliations.add")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
