import { UserRoundPlus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { PersonRow } from "#lib/people/organisations/queries";
import { affiliationRoles } from "#lib/people/organisations/schema";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Combobox } from "#ui/combobox";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { RowLink, Table } from "#ui/table";
import { TextField } from "#ui/text-field";
import { attach, detach } from "../actions";

type Props = { organisationId: number; people: PersonRow[]; edits: boolean };

const nameOf = ({ contact }: PersonRow) => `${contact.firstName} ${contact.lastName}`.trim();

export function People({ organisationId, people, edits }: Props) {
  const t = useTranslations("organisations");
  return (
    <Card
      title={t("people.title")}
      flush
      actions={edits && <Attach organisationId={organisationId} />}
      description={people.length === 200 ? t("people.first") : undefined}
    >
      <Table
        caption={t("people.title")}
        rows={people}
        rowKey={(row) => row.id}
        empty={<p className="px-5 pb-5 text-soft">{t("people.none")}</p>}
        columns={[
          {
            key: "contact",
            label: t("people.contact"),
            heading: true,
            cell: (row) => <RowLink href={`/contacts/${row.contact.id}`}>{nameOf(row)}</RowLink>,
          },
          { key: "role", label: t("people.role"), cell: (row) => <Role row={row} /> },
          { key: "jobTitle", label: t("people.jobTitle"), cell: (row) => row.jobTitle },
          ...(edits
            ? [
                {
                  key: "acts",
                  label: t("people.remove"),
                  labelHidden: true,
                  beside: true,
                  cell: (row: PersonRow) => <Detach row={row} />,
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

function Role({ row }: { row: PersonRow }) {
  const c = useTranslations("contacts");
  return (
    <span className="flex flex-wrap gap-1.5">
      <Badge>{c(`roles.${row.role}`)}</Badge>
      {row.endedAt && <Badge>{c("affiliations.past")}</Badge>}
    </span>
  );
}

function Detach({ row }: { row: PersonRow }) {
  const t = useTranslations("organisations");
  return (
    <div className="flex justify-end">
      <ConfirmDialog
        trigger={{
          label: t("people.remove"),
          icon: <X aria-hidden />,
          variant: "ghost",
          size: "sm",
          iconOnly: true,
        }}
        title={t("people.removeTitle", { name: nameOf(row) })}
        consequence={t("people.removeText")}
        confirmLabel={t("people.remove")}
        action={detach}
        fields={{ id: row.id }}
        namespace="organisations"
        done={t("people.removed")}
        tone="danger"
      />
    </div>
  );
}

function Attach({ organisationId }: { organisationId: number }) {
  const t = useTranslations("organisations");
  const c = useTranslations("contacts");
  const roles = affiliationRoles.map((role) => ({ value: role, label: c(`roles.${role}`) }));
  return (
    <Dialog
      trigger={{ label: t("people.add"), icon: <UserRoundPlus aria-hidden />, size: "sm" }}
      title={t("people.add")}
    >
      <Form action={attach} namespace="organisations" done={t("people.added")} resets>
        <input type="hidden" name="organisationId" value={organisationId} />
        <Combobox name="contactId" label={t("people.contact")} searchHref="/contacts/options" required />
        <Select name="role" label={t("people.role")} options={roles} defaultValue="decision_maker" />
        <TextField name="jobTitle" label={t("people.jobTitle")} autoComplete="off" />
        <FormActions>
          <SubmitButton>{t("people.add")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
