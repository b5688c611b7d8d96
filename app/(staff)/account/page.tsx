import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { listSessions } from "#lib/office/users/queries";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { PageHeader } from "#ui/page-header";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { savePassword, saveProfile } from "./actions";
import { Sessions } from "./sessions";

export default async function AccountPage() {
  const user = await gate("account.own", "/account");
  const [t, sessions] = [await getTranslations("users"), await listSessions(user.id)];
  const languages = [
    { value: "fr", label: "Français" },
    { value: "en", label: "English" },
  ];
  return (
    <>
      <PageHeader
        title={t("account.title")}
        lead={user.email}
        aside={<Badge tone="brand">{t(`roles.${user.role}`)}</Badge>}
      />
      <div className="grid items-start gap-5 xl:grid-cols-2">
        <Card title={t("account.profile")}>
          <Form action={saveProfile} namespace="users" done={t("account.saved")}>
            <TextField
              name="name"
              label={t("fields.name")}
              defaultValue={user.name}
              required
              autoComplete="name"
            />
            <Select
              name="locale"
              label={t("fields.locale")}
              defaultValue={user.locale}
              options={languages}
              hint={t("account.localeHint")}
            />
            <FormActions>
              <SubmitButton>{t("account.save")}</SubmitButton>
            </FormActions>
          </Form>
        </Card>
        <Card title={t("account.password")} description={t("account.passwordHint")}>
          <Form action={savePassword} namespace="users" done={t("account.passwordSaved")} resets>
            <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
            <TextField
              name="current"
              type="password"
              label={t("fields.currentPassword")}
              required
              autoComplete="current-password"
            />
            <TextField
              name="password"
              type="password"
              label={t("fields.newPassword")}
              hint={t("fields.passwordRule")}
              required
              autoComplete="new-password"
            />
            <FormActions>
              <SubmitButton>{t("account.changePassword")}</SubmitButton>
            </FormActions>
          </Form>
        </Card>
        <Sessions sessions={sessions} current={user.sessionId} />
      </div>
    </>
  );
}
