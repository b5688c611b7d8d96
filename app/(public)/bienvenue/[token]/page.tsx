import { getTranslations } from "next-intl/server";
import { findLink } from "#lib/office/users/links";
import { Form, SubmitButton } from "#ui/form";
import { Sheet } from "#ui/sheet";
import { TextField } from "#ui/text-field";
import { setUp } from "../../connexion/actions";
import { DeadLink } from "../../connexion/dead-link";

/** Public: shows the form of the setup link; only sending it uses the link up. */
export default async function SetupPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const t = await getTranslations("users");
  if (!(await findLink("setup", token))) return <DeadLink setup />;
  return (
    <Sheet title={t("setup.title")} lead={t("setup.lead")}>
      <Form action={setUp} namespace="users">
        <input type="hidden" name="token" value={token} />
        <TextField name="name" label={t("fields.name")} autoComplete="name" required />
        <TextField name="email" type="email" label={t("fields.email")} autoComplete="username" required />
        <TextField
          name="password"
          type="password"
          label={t("fields.password")}
          hint={t("fields.passwordRule")}
          autoComplete="new-password"
          required
        />
        <SubmitButton className="w-full">{t("setup.submit")}</SubmitButton>
      </Form>
    </Sheet>
  );
}
