import { UserPlus } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { listUsers } from "#lib/office/users/queries";
import { roles } from "#lib/office/users/schema";
import { Card } from "#ui/card";
import { RadioGroup } from "#ui/choice-group";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { PageHeader } from "#ui/page-header";
import { TextField } from "#ui/text-field";
import { invite } from "./actions";
import { UsersTable } from "./table";

export default async function UsersPage() {
  const user = await gate("users.read", "/users");
  const [t, users] = [await getTranslations("users"), await listUsers()];
  const choices = roles.map((role) => ({
    value: role,
    label: t(`roles.${role}`),
    hint: t(`roleHints.${role}`),
  }));
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <Dialog
            trigger={{ label: t("invite"), icon: <UserPlus aria-hidden />, variant: "primary" }}
            title={t("invite")}
            description={t("inviteHint")}
          >
            <Form action={invite} namespace="users" done={t("invited")} resets>
              <TextField name="name" label={t("fields.name")} required autoComplete="off" />
              <TextField name="email" type="email" label={t("fields.email")} required autoComplete="off" />
              <RadioGroup
                name="role"
                legend={t("fields.role")}
                choices={choices}
                defaultValue="reader"
                cards
              />
              <FormActions>
                <SubmitButton>{t("sendInvitation")}</SubmitButton>
              </FormActions>
            </Form>
          </Dialog>
        }
      />
      <Card flush>
        <UsersTable users={users} self={user.id} />
      </Card>
    </>
  );
}
